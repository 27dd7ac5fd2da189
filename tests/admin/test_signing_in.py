"""Guessing is stopped, a second factor holds, and sessions end."""

import re
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP

from recommendations.actions import sealing, second_factors, users
from recommendations.actions.refusals import NotAllowed
from recommendations.models import Event, SecondFactor
from tests import factories
from tests.factories import NOW
from tracker.signing_in import client_address

pytestmark = pytest.mark.django_db
SIGN_IN, SECURITY = "/admin/login/", "/admin/security/"
PASSWORD = "correct horse battery"


@pytest.fixture
def person():
    return factories.user("editor", password=PASSWORD)


def sign_in(person, password=PASSWORD, code="", address="192.0.2.1", client=None):
    sent = {"username": person.username, "password": password, "code": code}
    return (client or Client()).post(SIGN_IN, sent, REMOTE_ADDR=address)


def code_of(device, ahead=0):
    """What the telephone shows now, or so many half-minutes from now."""
    totp = TOTP(bytes.fromhex(sealing.unseal(device.sealed)), drift=device.drift)
    totp.time = timezone.now().timestamp() + ahead * 30
    return f"{totp.token():06d}"


def some_time_later(**fields):
    """As if some time had gone by since the last code."""
    SecondFactor.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None, **fields)


def set_up(person):
    second_factors.begin(person)
    second_factors.confirm(person, code_of(SecondFactor.objects.get(user=person)), now=timezone.now())
    some_time_later(last_step=-1)
    return SecondFactor.objects.get(user=person)


def test_name_and_password_are_enough_for_who_has_no_second_factor(person):
    assert sign_in(person).status_code == 302


def test_guessing_is_stopped_for_a_while_and_says_how_long(person):
    for _guess in range(10):
        answer = sign_in(person, "wrong wrong wrong")
    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"
    assert "too many failed attempts" in answer.content.decode()
    assert sign_in(person).status_code == 429  # even with the right one
    assert sign_in(person, address="192.0.2.2").status_code == 302  # the person is not locked out elsewhere


def test_guessing_one_password_for_many_names_is_stopped_too():
    for _guess in range(10):
        answer = sign_in(factories.user("editor", password=PASSWORD), "summer 2026 is here")
    assert answer.status_code == 429


def test_who_has_an_account_does_not_guess_at_others_for_ever(person):
    """Signing in forgets one's own slips, and nothing of what was tried against somebody else from there."""
    insider = factories.user("viewer", password=PASSWORD)
    for _round in range(3):
        for _guess in range(3):
            assert sign_in(person, "wrong wrong wrong").status_code == 200
        assert sign_in(insider, "a slip of the finger").status_code in (200, 429)
        assert sign_in(insider).status_code in (302, 429)
    assert sign_in(person, "wrong wrong wrong").status_code == 429
    assert sign_in(insider).status_code == 429


def test_ones_own_slips_are_forgotten_with_the_right_password(person):
    for _day in range(3):
        for _slip in range(6):
            assert sign_in(person, "wrong wrong wrong").status_code == 200
        assert sign_in(person).status_code == 302


def test_an_account_is_guarded_wherever_the_guesses_come_from(person):
    for guess in range(100):
        answer = sign_in(person, "wrong wrong wrong", address=f"198.51.100.{guess}")
    assert answer.status_code == 429
    assert sign_in(person, address="192.0.2.7").status_code == 429
    other = factories.user("editor", password=PASSWORD)
    assert sign_in(other, address="192.0.2.7").status_code == 302  # the address is not


def test_one_subscriber_of_ipv6_is_one_address(person):
    for guess in range(10):
        answer = sign_in(person, "wrong wrong wrong", address=f"2001:db8:1:2::{guess}")
    assert answer.status_code == 429
    assert sign_in(person, address="2001:db8:1:3::1").status_code == 302


@pytest.mark.parametrize(
    ("behind", "forwarded", "known"),
    [
        (False, "203.0.113.9", "192.0.2.1"),  # anybody can write it
        (True, "203.0.113.9, 198.51.100.7", "198.51.100.7"),  # the last one is our proxy's
        (True, "", "192.0.2.1"),
        (True, "::ffff:198.51.100.7", "198.51.100.7"),
        (True, "unknown", ""),
    ],
)
def test_by_which_address_somebody_is_known(settings, rf, behind, forwarded, known):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if behind else None
    request = rf.post(SIGN_IN, REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == known


def test_an_address_that_is_none_is_no_fault(person):
    assert sign_in(person, "wrong wrong wrong", address="").status_code == 200


def test_what_is_said_does_not_tell_whether_a_name_exists(person):
    known = sign_in(person, "wrong wrong wrong").content.decode()
    nobody = factories.user("editor")
    nobody.username = "nobody-of-this-name"
    unknown = sign_in(nobody, "wrong wrong wrong").content.decode()

    def errors(page):
        return re.findall(r"Please enter the correct[^<]+", page)

    assert errors(known) == errors(unknown) != []


def test_with_a_second_factor_the_password_alone_opens_nothing(person):
    device = set_up(person)
    assert sign_in(person).status_code == 200
    assert sign_in(person, code="000000").status_code == 200
    some_time_later()
    client = Client()
    assert sign_in(person, code=code_of(device), client=client).status_code == 302
    assert client.get("/admin/").status_code == 200


def test_a_code_opens_once(person):
    device = set_up(person)
    code = code_of(device)
    assert sign_in(person, code=code).status_code == 302
    assert sign_in(person, code=code).status_code == 200


def test_guessing_codes_is_slowed_down(person):
    device = set_up(person)
    sign_in(person, code="000000")
    answer = sign_in(person, code=code_of(device))
    assert answer.status_code == 200
    assert "The last code was wrong: wait" in answer.content.decode()


def test_guessing_codes_is_slowed_down_where_it_would_be_removed_too(client_of, person):
    device = set_up(person)
    client = client_of(person)
    assert client.post(SECURITY, {"remove": "1", "code": "000000"}).status_code == 409
    assert SecondFactor.objects.get().throttling_failure_count == 1
    assert client.post(SECURITY, {"remove": "1", "code": code_of(device, 1)}).status_code == 409  # too soon
    assert SecondFactor.objects.filter(confirmed=True).exists()


@pytest.mark.parametrize(
    "sent", [{"confirm": "1", "code": "000000"}, {"confirm": "1"}, {"remove": "1"}, {"x": "1"}]
)
def test_what_was_not_begun_is_not_begun_by_a_refusal(client_of, person, sent):
    answer = client_of(person).post(SECURITY, sent)
    assert answer.status_code == (200 if "x" in sent else 409)
    assert "code" not in answer.context["form"].errors  # it asks for none
    assert bool(answer.context["form"].non_field_errors()) == (answer.status_code == 409)
    assert not SecondFactor.objects.exists()


def test_a_person_sets_it_up_and_removes_it_on_their_own_page(client_of, person):
    client = client_of(person)
    page = client.post(SECURITY, {"begin": "1"}).content.decode()
    device = SecondFactor.objects.get(user=person)
    assert not device.confirmed
    assert "<svg" in page
    answer = client.post(SECURITY, {"confirm": "1", "code": "000000"})
    assert answer.status_code == 409
    assert "This code is not the one" in answer.content.decode()
    some_time_later()
    assert client.post(SECURITY, {"confirm": "1", "code": code_of(device)}).status_code == 302
    assert SecondFactor.objects.get(user=person).confirmed
    assert client.post(SECURITY, {"remove": "1", "code": "000000"}).status_code == 409
    some_time_later()
    assert client.post(SECURITY, {"remove": "1", "code": code_of(device, 1)}).status_code == 302
    assert not SecondFactor.objects.exists()
    told = Event.objects.filter(object_type="user").order_by("id").values_list("verb", flat=True)
    assert list(told) == ["user.second_factor_added", "user.second_factor_removed"]


def test_the_key_is_kept_sealed_and_in_no_event(person):
    device = set_up(person)
    key = sealing.unseal(device.sealed)
    assert re.fullmatch("[0-9a-f]{40}", key)
    for row in SecondFactor.objects.values():
        assert key not in str(row)
    for event in Event.objects.all():
        assert key not in f"{event.before}{event.after}{event.note}"


def test_a_code_may_be_typed_as_it_is_shown(person):
    code = code_of(set_up(person))
    assert sign_in(person, code=f"{code[:3]} {code[3:]}").status_code == 302


def test_a_key_sealed_under_an_earlier_secret_key_opens_and_is_sealed_anew(person, settings):
    device = set_up(person)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 10, [settings.SECRET_KEY]
    assert sign_in(person, code=code_of(device)).status_code == 302
    settings.SECRET_KEY_FALLBACKS = []
    assert sealing.unseal(SecondFactor.objects.get().sealed) != ""


def test_a_key_that_cannot_be_read_any_more_lets_nobody_in_and_says_what_to_do(person, settings, client_of):
    code = code_of(set_up(person))
    settings.SECRET_KEY = "another" * 10
    answer = sign_in(person, code=code)
    assert answer.status_code == 200
    assert "An administrator can remove it; then set it up again." in answer.content.decode()
    own = client_of(person).post(SECURITY, {"remove": "1", "code": code})
    assert own.status_code == 409
    assert "cannot be read any more" in own.content.decode()
    second_factors.remove(person, by=factories.user("administrator"), now=NOW)
    assert sign_in(person).status_code == 302


def test_what_was_begun_under_another_secret_key_is_begun_anew(person, settings):
    before = second_factors.begin(person).secret
    assert second_factors.begin(person).secret == before
    settings.SECRET_KEY = "another" * 10
    assert second_factors.begin(person).secret != before


def test_keys_that_the_library_held_in_clear_are_sealed_and_its_table_goes(person):
    other, key = factories.user("editor"), "0123456789abcdef0123456789abcdef01234567"
    move = import_module("recommendations.migrations.0030_second_factors").seal_those_that_exist
    with connection.schema_editor() as editor:
        move(apps, editor)  # where the library never was there is nothing to do
        editor.execute(
            "CREATE TABLE otp_totp_totpdevice (id bigserial, user_id bigint, confirmed boolean, key varchar(80),"
            " last_t bigint, drift smallint, throttling_failure_timestamp timestamptz, throttling_failure_count int)"
        )
        for who, confirmed, held in ((person, True, key), (person, False, "ff"), (other, False, "ee")):
            editor.execute(
                "INSERT INTO otp_totp_totpdevice (user_id, confirmed, key, last_t, drift, throttling_failure_count)"
                " VALUES (%s, %s, %s, 7, 1, 2)",
                (who.pk, confirmed, held),
            )
        move(apps, editor)
    rows = {row.user_id: row for row in SecondFactor.objects.all()}
    assert {pk: (row.confirmed, sealing.unseal(row.sealed)) for pk, row in rows.items()} == {
        person.pk: (True, key),
        other.pk: (False, "ee"),
    }
    assert (rows[person.pk].last_step, rows[person.pk].drift) == (7, 1)
    assert "otp_totp_totpdevice" not in connection.introspection.table_names()


def test_an_administrator_removes_it_for_who_lost_their_telephone(client_of, person):
    set_up(person)
    url = reverse("admin:recommendations_user_remove-second-factor", args=[person.pk])
    assert client_of("manager").post(url).status_code == 403
    assert client_of("administrator").post(url).status_code == 302
    assert not SecondFactor.objects.exists()


def test_nobody_else_removes_it(person):
    set_up(person)
    with pytest.raises(NotAllowed):
        second_factors.remove(person, by=factories.user("manager"), now=NOW)


def test_all_sessions_end_at_once(person):
    here, there = Client(), Client()
    for client in (here, there):
        sign_in(person, client=client)
    assert there.get("/admin/").status_code == 200
    here.post(SECURITY, {"end": "1"})
    for client in (here, there):
        assert client.get("/admin/").status_code == 302


def test_a_new_password_and_leaving_end_the_sessions(person):
    client, admin = Client(), factories.user("administrator")
    sign_in(person, client=client)
    users.set_password(person, "another horse battery", by=admin, now=NOW)
    assert client.get("/admin/").status_code == 302
    sign_in(person, "another horse battery", client=client)
    users.change(person, is_active=False, by=admin, now=NOW)
    assert client.get("/admin/").status_code == 302


def test_a_session_ends_by_itself(person):
    client = Client()
    sign_in(person, client=client)
    assert 0 < client.session.get_expiry_age() <= 12 * 3600


@pytest.mark.parametrize("role", ["viewer", "editor", "reviewer", "manager", "administrator"])
def test_every_role_has_the_page(client_of, role):
    assert "Set up a second factor" in client_of(role).get(SECURITY).content.decode()
