"""Idempotency-Key: one effect and one answer, whatever is sent twice, in whatever order, at whatever time."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections, transaction
from django.http import QueryDict

from recommendations.actions import answers, sealing, tokens
from recommendations.api import repeats
from recommendations.models import Assessment, KeptAnswer, Token
from tests import factories
from tests.api.conftest import Caller, holding
from tests.factories import NOW

KEY = "Idempotency-Key"


def claim(row, **fields):
    seen = factories.evidence(bears_on=row)
    return {
        "status": "in_progress",
        "effective_on": "2020-01-01",
        "rationale": "So.",
        "confidence": "low",
        "evidence": [{"id": seen.pk, "stance": "supports"}],
    } | fields


@pytest.mark.django_db
class TestRepeating:
    def test_the_second_time_it_has_no_effect_and_the_same_answer(self, editor):
        row = factories.recommendation()
        path, body = f"recommendations/{row.code}/assessments/", claim(row)
        first = editor.post(path, body, **{KEY: "a-b-c"})
        second = editor.post(path, body, **{KEY: "a-b-c"})
        assert first.status_code == second.status_code == 201
        assert first.content == second.content
        same = ("Location", "ETag", "Content-Type", "Vary", "Cache-Control")
        assert [first.headers[name] for name in same] == [second.headers[name] for name in same]
        assert ("Idempotency-Replayed" in first.headers, second.headers["Idempotency-Replayed"]) == (
            False,
            "true",
        )
        assert Assessment.objects.count() == 1

    def test_the_order_of_names_and_the_quotes_of_a_structured_field_make_no_difference(self, editor):
        row = factories.recommendation()
        path, body = f"recommendations/{row.code}/assessments/", claim(row)
        editor.post(path, body, **{KEY: '"k1"'})
        again = editor.post(path, dict(reversed(body.items())), **{KEY: "k1"})
        assert again.headers["Idempotency-Replayed"] == "true"

    def test_a_decision_is_taken_once(self, reviewer):
        proposal = factories.proposed(factories.recommendation())
        path = f"assessments/{proposal.pk}/publish/"
        first = reviewer.post(path, {"note": "Good."}, **{KEY: "d1"})
        second = reviewer.post(path, {"note": "Good."}, **{KEY: "d1"})
        assert (first.status_code, second.status_code) == (200, 200)
        assert first.content == second.content
        assert reviewer.post(path, {"note": "Good."}).status_code == 409

    def test_another_body_or_address_with_the_same_key_is_refused(self, editor):
        row, other = factories.recommendation(), factories.recommendation()
        body = claim(row)
        editor.post(f"recommendations/{row.code}/assessments/", body, **{KEY: "k1"})
        for path, sent in [
            (f"recommendations/{row.code}/assessments/", body | {"rationale": "Other."}),
            (f"recommendations/{other.code}/assessments/", body),
        ]:
            answer = editor.post(path, sent, **{KEY: "k1"})
            told = answer.json()
            assert (answer.status_code, answer.headers["Content-Type"], told["type"]) == (
                422,
                "application/problem+json",
                "/api/v1/docs/#idempotency_key_reused",
            )
        assert Assessment.objects.count() == 1

    def test_a_refusal_of_a_rule_is_repeated_and_what_was_merely_wrong_is_not_kept(self, editor):
        row = factories.recommendation()
        path = f"recommendations/{row.code}/assessments/"
        future = claim(row, effective_on="2999-01-01")
        first = editor.post(path, future, **{KEY: "r1"})
        second = editor.post(path, future, **{KEY: "r1"})
        assert (first.status_code, first.json()["rule"]) == (409, "assessment_not_in_the_future")
        assert (second.status_code, second.content, second.headers["Content-Type"]) == (
            409,
            first.content,
            "application/problem+json",
        )
        assert second.headers["Idempotency-Replayed"] == "true"

        assert editor.post(path, claim(row, status="splendid"), **{KEY: "w1"}).status_code == 400
        assert editor.post(path, claim(row), **{KEY: "w1"}).status_code == 201

    def test_a_key_is_its_callers_own(self, editor, manager):
        row = factories.recommendation()
        path, body = f"recommendations/{row.code}/assessments/", claim(row)
        another = holding(editor.user)
        for caller in (editor, manager, another):
            answer = caller.post(path, body, **{KEY: "k1"})
            assert (answer.status_code, "Idempotency-Replayed" in answer.headers) == (201, False)
        assert Assessment.objects.count() == 3

    def test_what_may_no_longer_be_done_is_not_replayed_either(self, editor):
        row = factories.recommendation()
        path, body = f"recommendations/{row.code}/assessments/", claim(row)
        editor.post(path, body, **{KEY: "k1"})
        tokens.revoke(Token.objects.get(user=editor.user), by=editor.user, now=NOW)
        assert editor.post(path, body, **{KEY: "k1"}).status_code == 401
        assert Caller().post(path, body, **{KEY: "k1"}).status_code == 401

    @pytest.mark.parametrize("key", ["", '""', " ", "a b", "ü", "x" * 256, "a\x7f"])
    def test_a_key_that_is_none_is_named(self, editor, key):
        answer = editor.post("tokens/", {"name": "mine", "scopes": ["read"]}, **{KEY: key})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, KEY)
        assert Token.objects.count() == 1

    def test_a_key_shown_once_is_repeated_from_what_is_kept_sealed(self, editor):
        body = {"name": "mine", "scopes": ["read"]}
        first = editor.post("tokens/", body, **{KEY: "t1"}).json()
        assert editor.post("tokens/", body, **{KEY: "t1"}).json() == first
        kept = KeptAnswer.objects.get()
        assert first["key"] not in str(vars(kept))
        assert first["key"] in sealing.unseal(kept.sealed)
        assert Token.objects.count() == 2

    def test_after_a_day_the_key_is_free_again(self, editor):
        body = {"name": "mine", "scopes": ["read"]}
        first = editor.post("tokens/", body, **{KEY: "t1"}).json()
        KeptAnswer.objects.update(created_at=KeptAnswer.objects.get().created_at - answers.KEEP)
        assert editor.post("tokens/", body, **{KEY: "t1"}).json()["id"] != first["id"]
        assert answers.prune(now=NOW + timedelta(days=365)) == 1

    def test_an_upload_is_known_by_its_contents(self, rf):
        def pieces(content, name="rows.csv"):
            data = QueryDict(mutable=True)
            data["dry_run"] = "true"
            data["file"] = SimpleUploadedFile(name, content)  # type: ignore[assignment] # as the parser puts it
            return list(repeats._pieces(data))

        assert pieces(b"a,b\n") == pieces(b"a,b\n")
        assert pieces(b"a,b\n") != pieces(b"a,c\n")
        assert pieces(b"a,b\n") != pieces(b"a,b\n", "other.csv")


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_repeats_at_the_same_time_have_one_effect(self):
        user = factories.user("editor")
        _token, key = tokens.issue(user, name="test", scopes=["propose"], by=user, now=NOW)
        row = factories.recommendation()
        path, body = f"recommendations/{row.code}/assessments/", claim(row)
        barrier, got = threading.Barrier(6), []

        def ask():
            try:
                barrier.wait(20)
                got.append(Caller(key=key).post(path, body, **{KEY: "same"}))
            finally:
                connections.close_all()

        threads = [threading.Thread(target=ask) for _each in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert Assessment.objects.count() == 1
        assert {answer.status_code for answer in got} == {201}
        assert len({answer.content for answer in got}) == 1
        assert sorted("Idempotency-Replayed" in answer.headers for answer in got) == [False] + [True] * 5

    def test_who_waits_too_long_is_told_to_come_back(self, monkeypatch):
        monkeypatch.setattr(answers, "WAIT_SECONDS", 1)
        user = factories.user("editor")
        token, key = tokens.issue(user, name="test", scopes=["manage"], by=user, now=NOW)
        held, go_on = threading.Event(), threading.Event()

        def hold():
            try:
                with transaction.atomic():
                    answers.earlier(f"token:{token.pk}", "slow", "x", now=NOW)
                    held.set()
                    go_on.wait(20)
            finally:
                connections.close_all()

        thread = threading.Thread(target=hold)
        thread.start()
        held.wait(20)
        try:
            answer = Caller(key=key).post("tokens/", {"name": "n", "scopes": ["manage"]}, **{KEY: "slow"})
        finally:
            go_on.set()
            thread.join()
        assert (answer.status_code, answer.headers["Retry-After"], answer.json()["type"]) == (
            409,
            "1",
            "/api/v1/docs/#idempotency_key_busy",
        )
        assert (
            Caller(key=key).post("tokens/", {"name": "n", "scopes": ["manage"]}, **{KEY: "slow"}).status_code
            == 201
        )

    def test_what_fails_half_way_leaves_neither_effect_nor_answer(self, monkeypatch):
        user = factories.user("editor")
        _token, key = tokens.issue(user, name="test", scopes=["manage"], by=user, now=NOW)
        caller, body = Caller(key=key), {"name": "n", "scopes": ["manage"]}
        caller.client.raise_request_exception = False
        name = str(uuid4())
        with monkeypatch.context() as broken:
            broken.setattr(answers, "keep", _fail)
            assert caller.post("tokens/", body, **{KEY: name}).status_code == 500
        assert Token.objects.count() == 1
        assert caller.post("tokens/", body, **{KEY: name}).status_code == 201


def _fail(*_args, **_kwargs):
    raise RuntimeError("the disk is full")
