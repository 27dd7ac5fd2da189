"""The sums that triggers keep are true at every moment, whatever changes and whoever else writes."""

import threading
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.models import Sum

from recommendations.actions import assessments, tallies
from recommendations.models import (
    Addressee,
    Institution,
    Recommendation,
    Revision,
    Source,
    Tally,
    Theme,
    Verification,
)
from recommendations.queries.tallies import differences
from tests import factories
from tests.factories import NOW


def summed(**group):
    """{status: number} of one group, zeros left out."""
    rows = Tally.objects.filter(**group).values_list("status").annotate(n=Sum("number"))
    return {status: number for status, number in rows.order_by("status") if number}


@pytest.fixture
def whole():
    row = factories.recommendation(code="R-1")
    factories.recommendation(code="R-1a", parent=row)
    return row


def publish(whole):
    factories.published(whole, effective_on=date(2013, 1, 1))


def retract(whole):
    verdict = factories.published(whole, effective_on=date(2013, 1, 1))
    assessments.retract(verdict, by=factories.user("reviewer"), now=NOW, note="Misread.")


def hide_the_source(whole):
    Source.objects.filter(pk=whole.source_id).update(visibility="internal")


def hide_the_whole(whole):
    Recommendation.objects.filter(pk=whole.pk).update(visibility="internal")


def hide_and_show_again(whole):
    hide_the_source(whole)
    Source.objects.filter(pk=whole.source_id).update(visibility="public")


def date_the_source(whole):
    Source.objects.filter(pk=whole.source_id).update(published_on=date(1999, 12, 31))


def move_to_another_source(whole):
    whole.parts.all().delete()
    Recommendation.objects.filter(pk=whole.pk).update(source=factories.source(published_on=date(2001, 1, 1)))


def file_under_more(whole):
    whole.themes.add(factories.theme(parent=factories.theme()), factories.theme())


def file_under_nothing(whole):
    whole.themes.clear()


def hang_the_theme_under_another(whole):
    Theme.objects.filter(pk=whole.themes.get().pk).update(parent=factories.theme())


def rename_the_theme(whole):
    Theme.objects.filter(pk=whole.themes.get().pk).update(name="Orchids")


def merge_whom_it_asks(whole):
    Institution.objects.filter(pk=whole.addressee_set.get().institution_id).update(
        merged_into=factories.institution()
    )


def ask_an_heir_too(whole):
    merge_whom_it_asks(whole)
    heir = whole.addressee_set.get().institution.merged_into
    Addressee.objects.create(recommendation=whole, institution=heir, position=1)


def ask_somebody_else(whole):
    Addressee.objects.filter(recommendation=whole).update(institution=factories.institution())


def ask_nobody(whole):
    Addressee.objects.filter(recommendation=whole).delete()


def claim_otherwise(whole):
    Recommendation.objects.filter(pk=whole.pk).update(
        public=False, issued_on=date(1900, 1, 1), theme_ids=[7], addressee_ids=[7]
    )


def delete(whole):
    Addressee.objects.filter(recommendation__in=[whole, *whole.parts.all()]).delete()
    whole.parts.all().delete()
    whole.delete()


CHANGES = [
    publish, retract, hide_the_source, hide_the_whole, hide_and_show_again, date_the_source, move_to_another_source,
    file_under_more, file_under_nothing, hang_the_theme_under_another, rename_the_theme, merge_whom_it_asks,
    ask_an_heir_too, ask_somebody_else, ask_nobody, claim_otherwise, delete,
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("folded", [False, True], ids=["as written", "folded"])
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_sums_and_derived_columns_follow_every_change(whole, change, folded):
    revision = Revision.objects.aggregate(n=Sum("number"))["n"]
    if folded:
        tallies.fold()
    change(whole)
    if folded:
        tallies.fold()
        assert not Tally.objects.filter(settled=False).exists()
        assert not Verification.objects.filter(settled=False).exists()
    assert differences() == []
    assert Revision.objects.aggregate(n=Sum("number"))["n"] > revision


@pytest.mark.django_db
def test_what_is_counted(whole):
    publish(whole)
    theme, body = whole.themes.get(), whole.addressee_set.get().institution
    told = {"in_progress": 1}
    assert summed(dimension="all", part=False, public=True) == told
    assert summed(dimension="all", part=True) == {"not_assessed": 1}
    assert summed(dimension="theme", key=theme.pk) == summed(dimension="addressee", key=body.pk) == told
    assert summed(dimension="year", key=2011, part=False) == told
    hide_the_whole(whole)
    assert summed(dimension="all", public=True) == {}
    periods = Verification.objects.filter(dimension="all", public=False).values_list("period")
    assert dict(periods.annotate(n=Sum("number"))) == {2026: 1, 202611: 1, 20261126: 1}


@pytest.mark.django_db
def test_the_doctor_names_a_wrong_sum(whole, capsys):
    Tally.objects.filter(dimension="year", part=False).update(number=5)
    with pytest.raises(Exception, match="1 stored value"):
        call_command("doctor")
    assert "year 2011 wholes public not_assessed: stored 5, should be 1" in capsys.readouterr().err


@pytest.mark.django_db
def test_what_is_derived_is_found_by_index_also_where_the_tables_were_empty_a_moment_ago():
    """PostgreSQL keeps a plan for the session: one made for few rows must not read all of what comes later."""
    theme, body = factories.theme(), factories.institution()
    factories.recommendation(themes=[theme], addressees=[body])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE recommendations_recommendation_themes, recommendations_addressee")
    for _one in range(7):  # more often than a plan is tried for its values
        factories.recommendation(themes=[theme], addressees=[body])
    before = _read_in_order()
    source = Recommendation.objects.values_list("source_id", flat=True).first()
    with connection.cursor() as cursor:
        cursor.execute(MANY.format(theme=theme.pk, body=body.pk, source=source))
    assert _read_in_order() == before
    assert Recommendation.objects.filter(theme_ids=[theme.pk], addressee_ids=[body.pk]).count() == 8 + 200
    assert differences() == []


MANY = """
WITH keys AS (SELECT 1000000 + n AS id FROM generate_series(1, 200) n),
filed AS (INSERT INTO recommendations_recommendation_themes (recommendation_id, theme_id)
          SELECT id, {theme} FROM keys RETURNING 1),
asked AS (INSERT INTO recommendations_addressee (recommendation_id, institution_id, wording, position)
          SELECT id, {body}, '', 0 FROM keys RETURNING 1)
INSERT INTO recommendations_recommendation (id, code, source_id, title, summary, "group", locator, explicit, note,
       priority, visibility, status, confidence, contested, response, closure_reason, updated_at, version)
SELECT id, 'M-' || id, {source}, 't', 's', '', '', true, '', false, 'public', 'not_assessed', '', false, 'none', '',
       now(), 1
  FROM keys, (SELECT count(*) FROM filed) f, (SELECT count(*) FROM asked) a
"""


def _read_in_order():
    """Rows that this transaction has read by going through the tables of lists."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, seq_tup_read FROM pg_stat_xact_user_tables WHERE relname IN"
            " ('recommendations_recommendation_themes', 'recommendations_addressee') ORDER BY relname"
        )
        return cursor.fetchall()


@pytest.mark.django_db(transaction=True)
def test_sums_are_true_at_every_moment_while_many_write():
    """Each moment is one statement's snapshot: it compares the sums with the rows as they were in that instant."""
    theme, body = factories.theme(), factories.institution()
    proposals = [
        [
            factories.proposed(factories.recommendation(themes=[theme], addressees=[body]), status=status)
            for status in ("implemented", "no_action", "stalled", "reversed") * 2
        ]
        for _writer in range(4)
    ]
    reviewers = [factories.user("reviewer") for _writer in range(4)]
    failures: list[BaseException] = []
    done = threading.Event()

    def guarded(work, *arguments):
        try:
            work(*arguments)
        except BaseException as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    def write(mine, by):
        # Two in one transaction, so that locks on shared sums, if there were any, would be taken in any order.
        for pair in zip(mine[::2], mine[1::2], strict=True):
            with transaction.atomic():
                for proposal in pair:
                    assessments.publish(proposal, by=by, now=NOW)
                    proposal.recommendation.themes.add(factories.theme())

    def fold():
        while not done.is_set():
            tallies.fold()

    writers = [
        threading.Thread(target=guarded, args=(write, *each))
        for each in zip(proposals, reviewers, strict=True)
    ]
    folders = [threading.Thread(target=guarded, args=(fold,)) for _folder in range(2)]
    for thread in (*folders, *writers):
        thread.start()
    moments = 0
    while any(writer.is_alive() for writer in writers):
        assert differences() == []
        moments += 1
    done.set()
    for thread in (*folders, *writers):
        thread.join()
    assert failures == []
    assert moments > 3, "the reader saw too few moments to tell"
    assert differences() == []
    assert summed(dimension="theme", key=theme.pk) == {
        "implemented": 8, "no_action": 8, "reversed": 8, "stalled": 8
    }  # fmt: skip
    connection.close()
