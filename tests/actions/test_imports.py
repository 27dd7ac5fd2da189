"""Importing: told first and then done as a whole; a person's word is never overwritten; nothing twice."""

import io
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.utils.translation import override

from recommendations.actions import assessments, evidence, imports, recommendations
from recommendations.actions.refusals import NotAllowed, Refused
from recommendations.models import (
    Assessment,
    Event,
    Finding,
    Import,
    ImportedRow,
    Institution,
    Recommendation,
    Response,
    Source,
)
from recommendations.queries import headlines
from recommendations.queries.tallies import differences
from tests import factories
from tests.exchange import files
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return factories.user("manager")


@pytest.fixture
def source():
    return factories.source(code="REP", published_on=date(2020, 5, 1))


def examine(content, by, *, format="csv", now=NOW, **more):
    given = content.encode() if isinstance(content, str) else content
    return imports.examine(io.BytesIO(given), format=format, filename="file", by=by, now=now, **more)


def bring(content, by, *, now=NOW, **more):
    """Dry run and application in one."""
    return imports.apply(examine(content, by, now=now, **more), by=by, now=now)


def counts(batch):
    return batch.rows_new, batch.rows_changed, batch.rows_unchanged, batch.rows_refused


def written():
    """How many rows there are of all that an import writes, its own record apart."""
    return {
        model.__name__: model._default_manager.count()
        for model in (Recommendation, Assessment, Response, Event, Finding, ImportedRow, Institution, Source)
    }


OURS = "code,source,title,summary,themes,addressees\nREP-01,REP,First,Do the first.,arms|money,us-doj\n"


@pytest.fixture
def lists(source):
    factories.theme(code="arms")
    factories.theme(code="money")
    factories.institution(code="us-doj")


def test_a_dry_run_changes_nothing_and_tells_each_row(manager, lists):
    before = written()
    batch = examine(OURS, manager)
    assert counts(batch) == (1, 0, 0, 0)
    [row] = batch.rows.all()
    assert (row.line, row.code, row.outcome, row.problems) == (2, "REP-01", "new", [])
    assert written() == before


def test_what_was_told_is_done_with_its_lists_and_an_event(manager, lists):
    batch = bring(OURS, manager)
    row = Recommendation.objects.get()
    assert (row.code, row.title, row.summary, row.status) == (
        "REP-01",
        "First",
        "Do the first.",
        "not_assessed",
    )
    assert [theme.code for theme in row.themes.order_by("code")] == ["arms", "money"]
    assert [body.code for body in row.addressees.all()] == ["us-doj"]
    told = Event.objects.get(verb="recommendation.created")
    assert (told.actor, told.object_id, told.public) == (f"import:{batch.pk}", "REP-01", True)
    assert Event.objects.get(verb="import.applied").actor == manager.username
    assert headlines.differences() == []


def test_the_same_bytes_again_write_no_row_and_no_event(manager, lists):
    bring(OURS, manager)
    before = written()
    again = examine(OURS, manager)
    assert (counts(again), again.repeats_id is not None) == ((0, 0, 1, 0), True)
    imports.apply(again, by=manager, now=NOW)
    assert written() == before
    assert Import.objects.get(pk=again.pk).state == "examined"


def test_the_same_bytes_do_not_undo_what_came_after(manager, lists):
    bring(OURS, manager)
    bring(OURS.replace("First", "Second"), manager)
    imports.apply(examine(OURS, manager), by=manager, now=NOW)
    assert Recommendation.objects.get().title == "Second"


def test_a_change_is_told_with_before_and_after_and_only_what_the_file_speaks_of_is_changed(manager, lists):
    bring(OURS, manager)
    batch = examine("code,title,themes\nREP-01,Anew,arms\n", manager)
    [row] = batch.rows.all()
    assert row.changes == {"title": ["First", "Anew"], "themes": [["arms", "money"], ["arms"]]}
    imports.apply(batch, by=manager, now=NOW)
    changed = Recommendation.objects.get()
    assert (changed.title, changed.summary, changed.version) == ("Anew", "Do the first.", 2)
    assert [theme.code for theme in changed.themes.all()] == ["arms"]
    event = Event.objects.get(verb="recommendation.changed")
    assert event.before == {"title": "First", "themes": ["arms", "money"]}
    assert event.after == {"title": "Anew", "themes": ["arms"]}


def test_a_row_is_written_once_however_many_lists_of_it_change(manager, lists):
    head, row, *_ = OURS.splitlines()
    two = [row, row.replace("REP-01", "REP-02")]
    bring("\n".join([head, *two]), manager)
    changed = [each.replace("First", "Other").replace("arms|money,us-doj", "money,us-dod") for each in two]
    factories.institution(code="us-dod")
    batch = examine("\n".join([head, *changed, row.replace("REP-01", "REP-03")]), manager)
    before = _written_rows()
    imports.apply(batch, by=manager, now=NOW)
    after = _written_rows()
    assert [late - early for early, late in zip(before, after, strict=True)] == [1, 2]
    assert differences() == []
    codes = Recommendation.objects.order_by("code").values_list(
        "code", "title", "themes__code", "addressees__code"
    )
    assert set(codes) == {
        ("REP-01", "Other", "money", "us-dod"),
        ("REP-02", "Other", "money", "us-dod"),
        ("REP-03", "First", "arms", "us-doj"),
        ("REP-03", "First", "money", "us-doj"),
    }


def _written_rows():
    """How many recommendations this transaction has inserted and updated, whatever wrote them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n_tup_ins, n_tup_upd FROM pg_stat_xact_user_tables"
            " WHERE relname = 'recommendations_recommendation'"
        )
        return cursor.fetchone()


def test_parts_come_with_their_whole_in_any_order(manager, lists):
    bring("code,source,parent,title,summary\nREP-01a,REP,REP-01,Part,P.\nREP-01,REP,,Whole,W.\n", manager)
    assert Recommendation.objects.get(code="REP-01a").parent.code == "REP-01"


REFUSED = [
    # file, then (line, column, value, rule)
    ("code,source,title,summary\nREP 1,REP,T,S\n", (2, "code", "REP 1", "code_shape")),
    ("code,source,title,summary\nREP-1,NOPE,T,S\n", (2, "source", "NOPE", "source_unknown")),
    ("code,source,title\nREP-1,REP,T\n", (2, "summary", "", "required")),
    ("code,source,title,summary\nREP-1,REP,,S\n", (2, "title", "", "required")),
    ("code,source,title,summary,themes\nREP-1,REP,T,S,nope\n", (2, "themes", "nope", "theme_unknown")),
    (
        "code,source,title,summary,addressees\nREP-1,REP,T,S,nope\n",
        (2, "addressees", "nope", "institution_unknown"),
    ),
    ("code,source,title,summary,status\nREP-1,REP,T,S,done\n", (2, "status", "done", "word_unknown")),
    (
        "code,source,title,summary,given_system,given_status\nREP-1,REP,T,S,GRECO,partly done\n",
        (2, "given_status", "partly done", "label_unknown"),
    ),
    (
        "code,source,title,summary,given_status\nREP-1,REP,T,S,Open\n",
        (2, "given_system", "", "label_unknown"),
    ),
    ("code,source,title,summary,explicit\nREP-1,REP,T,S,perhaps\n", (2, "explicit", "perhaps", "flag")),
    ("code,source,title,summary,status\nREP-1,REP,T,S,no_action\n", (2, "rationale", "", "required")),
    (
        "code,source,title,summary,status,rationale,effective_on\nREP-1,REP,T,S,no_action,So.,2030-01-01\n",
        (2, "effective_on", "2030-01-01", "assessment_not_in_the_future"),
    ),
    (
        "code,source,title,summary,status,rationale,effective_on\nREP-1,REP,T,S,no_action,So.,2020-04-30\n",
        (2, "effective_on", "2020-04-30", "assessment_not_before_source"),
    ),
    ("code,source,title,summary,parent\nREP-1,REP,T,S,REP-0\n", (2, "parent", "REP-0", "parent_unknown")),
    (
        "code,source,title,summary,response,stated_on\nREP-1,REP,T,S,accepted,2021-01-01\n",
        (2, "response_institution", "", "required"),
    ),
    (
        "code,source,title,summary,status,verdict_by\nREP-1,REP,T,S,no_action,oversight\n",
        (2, "rationale", "", "required"),
    ),
]


@pytest.mark.parametrize(("content", "told"), REFUSED)
def test_what_is_not_known_is_refused_with_its_row_and_column(manager, source, content, told):
    batch = examine(content, manager)
    [row] = batch.rows.all()
    assert row.outcome == "refused"
    assert told in [
        (row.line, problem["column"], problem["value"], problem["rule"]) for problem in row.problems
    ]


def test_one_refused_row_stops_all(manager, source):
    batch = examine("code,source,title,summary\nREP-1,REP,T,S\nREP-1,REP,T,S\nREP-2,REP,T,S\n", manager)
    assert counts(batch) == (1, 0, 0, 2)
    with pytest.raises(Refused) as refusal:
        imports.apply(batch, by=manager, now=NOW)
    assert refusal.value.rule == "import_has_refused_rows"
    assert not Recommendation.objects.exists()
    with pytest.raises(Exception, match="import_all_or_nothing"), transaction.atomic():
        Import.objects.filter(pk=batch.pk).update(state="applied", applied_by=manager, applied_at=NOW)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("code,colour\nREP-1,red\n", "header_unknown"),
        ("title\nT\n", "header_missing"),
        ("code,code\nA,B\n", "header_twice"),
        ("code,title\nA\n", "row_length"),
        ('code,title\nA,"B\n', "csv"),
        ("", "empty"),
        (b"code,title\nA,\xff\n", "encoding"),
    ],
)
def test_another_file_than_was_said_is_refused_whole(manager, content, rule):
    with pytest.raises(imports.BadFile) as refusal:
        examine(content, manager)
    assert (refusal.value.rule, refusal.value.field) == (rule, "file")
    assert not Import.objects.exists()


def test_what_would_happen_by_now_must_be_what_was_told(manager, lists):
    batch = examine(OURS, manager)
    factories.recommendation(code="REP-01", source=Source.objects.get(code="REP"))
    with pytest.raises(Refused) as refusal:
        imports.apply(batch, by=manager, now=NOW)
    assert refusal.value.rule == "import_changed_since"


def test_a_version_that_is_not_the_present_one_is_refused(manager, lists):
    bring(OURS, manager)
    [row] = examine("code,title,version\nREP-01,Anew,7\n", manager).rows.all()
    assert [problem["rule"] for problem in row.problems] == ["changed_since"]
    [row] = examine("code,title,version\nREP-01,Anew,1\n", manager).rows.all()
    assert row.outcome == "changed"


def test_a_status_is_proposed_in_the_imports_name_and_cites_the_file(manager, lists):
    given = (
        "code,given_system,given_status,verdict_by,verdict_institution\n"
        "REP-01,GRECO,Partly  implemented,oversight,greco\n"
    )
    bring(OURS, manager)
    factories.institution(code="greco")
    with override("es"):  # what is written into the record is in its language, whoever asks
        batch = bring(given, manager)
    verdict = Assessment.objects.get()
    assert (verdict.state, verdict.status, verdict.verdict_by) == (
        "proposed",
        "partially_implemented",
        "oversight",
    )
    assert (verdict.source_label, verdict.source_system, verdict.mapping_version) == (
        "Partly implemented",
        "GRECO",
        "1",
    )
    assert (verdict.proposed_by, verdict.proposed_by_machine) == (None, f"import:{batch.pk}")
    assert verdict.rationale == "GRECO calls it “Partly implemented” (2026-11-26)."
    cited = verdict.citations.get()
    assert (cited.evidence, cited.locator, cited.evidence.visibility, cited.evidence.verified) == (
        batch.evidence,
        "row 2",
        "internal",
        False,
    )
    assert Recommendation.objects.get().status == "not_assessed"
    assert not Event.objects.filter(verb="assessment.proposed", public=True).exists()


def test_neither_who_brought_the_file_nor_anyone_without_reading_it_publishes_what_it_claims(manager, lists):
    bring(OURS, manager)
    batch = bring("code,status,rationale\nREP-01,implemented,It was done.\n", manager)
    verdict, reviewer = Assessment.objects.get(), factories.user("reviewer")
    with pytest.raises(Refused) as refusal:
        assessments.publish(verdict, by=reviewer, now=NOW)
    assert refusal.value.rule == "assessment_rests_on_verified_evidence"
    evidence.change(batch.evidence, by=reviewer, now=NOW, verified=True, visibility="public")
    with pytest.raises(Refused) as refusal:
        assessments.publish(verdict, by=manager, now=NOW)
    assert refusal.value.rule == "assessment_four_eyes"
    assessments.publish(verdict, by=reviewer, now=NOW)
    assert Recommendation.objects.get().status == "implemented"


def test_a_persons_verdict_is_not_overwritten_and_what_was_sent_back_is_not_proposed_again(manager, lists):
    bring(OURS, manager)
    row = Recommendation.objects.get()
    factories.published(row, status="implemented", effective_on=date(2021, 1, 1))
    bring("code,status,rationale\nREP-01,stalled,It stands still.\n", manager)
    assert Recommendation.objects.get().status == "implemented"
    assessments.reject(
        Assessment.objects.get(state="proposed"), by=factories.user("reviewer"), now=NOW, note="No."
    )
    assert counts(examine("code,status,rationale\nREP-01,stalled,It stands still.\n\n", manager)) == (
        0,
        0,
        1,
        0,
    )


def test_a_status_that_is_held_already_is_no_claim(manager, lists):
    bring(OURS, manager)
    factories.published(Recommendation.objects.get(), status="implemented", effective_on=date(2021, 1, 1))
    assert counts(examine("code,status,response\nREP-01,implemented,none\n", manager)) == (0, 0, 1, 0)


def test_an_answer_is_recorded_with_the_word_it_was_given_in(manager, lists):
    bring(OURS, manager)
    bring(
        "code,given_system,given_response,stated_on\nREP-01,UK inquiries,accepted in principle,2021-02-03\n",
        manager,
    )
    said = Response.objects.get()
    assert (said.kind, said.source_label, said.stated_on) == (
        "accepted_in_principle",
        "accepted in principle",
        date(2021, 2, 3),
    )
    assert said.institution.code == "us-doj"
    assert Recommendation.objects.get().response == "accepted_in_principle"
    assert headlines.differences() == []
    assert Event.objects.filter(verb="response.recorded", public=True).count() == 1


def test_what_comes_to_light_with_the_rows_is_told_too(manager, lists):
    hidden = factories.theme(code="in-the-dark")
    factories.recommendation(visibility="internal", themes=[hidden])
    bring("code,source,title,summary,themes\nREP-01,REP,T,S,in-the-dark\n", manager)
    assert Event.objects.filter(verb="theme.shown", object_id="in-the-dark", public=True).count() == 1


# Files of other systems.


@pytest.fixture
def gao():
    factories.institution(code="us-gao", name="Government Accountability Office", aliases=["GAO"])
    factories.institution(code="us-dod", name="Department of Defense")


def test_gaos_list_brings_its_reports_its_agencies_and_its_verdicts(manager, gao):
    batch = bring(files.gao([files.OPEN, files.PARTLY]), manager, format="gao")
    assert batch.as_of == date(2026, 9, 28)
    assert counts(batch) == (2, 0, 0, 0)
    report = Source.objects.get()
    assert (report.code, report.published_on, report.publisher.code) == (
        "GAO-23-106596",
        date(2023, 3, 6),
        "us-gao",
    )
    assert report.title == "Drug Control & Border Security: Actions Needed"
    first, second = Recommendation.objects.order_by("code")
    assert [body.code for body in first.addressees.all()] == ["us-dod"]
    assert first.priority
    assert [body.name for body in second.addressees.all()] == ["Centers for Medicare & Medicaid Services"]
    verdict = Assessment.objects.get()
    assert (verdict.recommendation, verdict.status, verdict.source_label, verdict.effective_on) == (
        second,
        "partially_implemented",
        "Open--Partially Addressed",
        date(2026, 9, 28),
    )
    assert (verdict.verdict_by, verdict.verdict_institution.code) == ("oversight", "us-gao")
    whole = "".join(str(each) for each in ImportedRow.objects.values_list("said", flat=True))
    assert "Jane Doe" not in whole
    assert "555" not in whole


def test_a_later_list_with_the_same_words_changes_nothing_of_ours(manager, gao):
    bring(files.gao([files.OPEN, files.PARTLY]), manager, format="gao")
    before = written()
    later = files.gao([files.OPEN, files.PARTLY], stamp="Oct 28, 2026 at 9:00 AM EST")
    batch = bring(later, manager, format="gao")
    assert counts(batch) == (0, 0, 2, 0)
    assert written() == before


def test_what_a_person_has_corrected_is_kept_and_told(manager, gao):
    bring(files.gao([files.OPEN]), manager, format="gao")
    recommendations.change(Recommendation.objects.get(), by=manager, now=NOW, title="In our words")
    changed = files.OPEN | {"Recommendation": "Other words altogether. (Recommendation 4)", "Priority": "No"}
    batch = examine(files.gao([changed], stamp="Oct 28, 2026 at 9:00 AM EST"), manager, format="gao")
    [row] = batch.rows.all()
    assert set(row.changes) == {"summary", "priority"}
    assert row.kept["title"] == ["In our words", "Other words altogether. (Recommendation 4)"]
    imports.apply(batch, by=manager, now=NOW)
    assert Recommendation.objects.get().title == "In our words"


def test_what_left_an_open_only_list_goes_before_a_person_once(manager, gao):
    bring(files.gao([files.OPEN, files.PARTLY]), manager, format="gao")
    later = files.gao([files.OPEN], stamp="Oct 28, 2026 at 9:00 AM EST")
    batch = bring(later, manager, format="gao")
    assert batch.rows_vanished == 1
    finding = Finding.objects.get()
    assert (finding.kind, finding.recommendation.code, finding.state) == (
        "row_vanished",
        Assessment.objects.get().recommendation.code,
        "open",
    )
    assert finding.recommendation.closure_reason == ""
    assert finding.title.startswith(f"{finding.recommendation.code} is no longer in the list of what is open")
    last = files.gao([files.OPEN], stamp="Nov 1, 2026 at 9:00 AM EST")
    assert bring(last, manager, format="gao").rows_vanished == 0
    assert Finding.objects.count() == 1


def test_an_older_list_is_refused(manager, gao):
    bring(files.gao([files.OPEN]), manager, format="gao")
    with pytest.raises(Refused) as refusal:
        examine(files.gao([files.PARTLY], stamp="Sep 1, 2026 at 9:00 AM EST"), manager, format="gao")
    assert refusal.value.rule == "import_not_older"


def test_a_status_that_gao_never_used_is_refused_in_gaos_words(manager, gao):
    [row] = examine(files.gao([files.OPEN | {"Status": "Ajar"}]), manager, format="gao").rows.all()
    assert row.problems == [{"column": "Status", "value": "Ajar", "rule": "label_unknown"}]


def test_states_answers_in_the_upr_are_responses_and_no_verdicts(manager):
    batch = bring(files.uhri([files.SUPPORTED, files.CONCERN]), manager, format="uhri")
    assert (counts(batch), batch.passed_over) == ((1, 0, 0, 0), {"Concerns/Observations": 1})
    row = Recommendation.objects.get()
    assert (row.response, row.source.code) == ("accepted", "A-HRC-56-9")
    assert [body.name for body in row.addressees.all()] == ["Mexico"]
    assert not Assessment.objects.exists()
    assert Response.objects.get().stated_on == date(2024, 3, 27)


def test_a_format_whose_rows_name_no_document_needs_the_source(manager, source):
    content = "reference,title,description,support_level\n111.1,Ratify,Ratify it.,0\n111.2,Act,Do.,2\n"
    with pytest.raises(Refused) as refusal:
        examine(content, manager, format="impact_oss")
    assert refusal.value.rule == "import_names_source"
    factories.institution(code="mexico", name="Mexico")
    [first, _second] = examine(content, manager, format="impact_oss", source=source).rows.all()
    assert [each["rule"] for each in first.problems] == [
        "required"
    ]  # nobody is asked, so nobody can have answered


@pytest.mark.parametrize("role", ["", "viewer", "editor", "reviewer"])
def test_only_a_manager_imports(role, manager, lists):
    person = factories.user(role)
    with pytest.raises(NotAllowed):
        examine(OURS, person)
    batch = examine(OURS, manager)
    with pytest.raises(NotAllowed):
        imports.apply(batch, by=person, now=NOW)


def test_what_an_import_did_stays_written_down(manager, lists):
    batch = bring(OURS, manager)
    for statement in ("UPDATE recommendations_import SET filename = 'x' WHERE id = %s",):
        with (
            pytest.raises(Exception, match="was applied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [batch.pk])


def test_dry_runs_that_nobody_applied_are_forgotten(manager, lists):
    old = examine(OURS, manager)
    applied = bring(OURS, manager)
    examine(OURS, manager, now=NOW + timedelta(days=31))
    assert not Import.objects.filter(pk=old.pk).exists()
    assert Import.objects.filter(pk=applied.pk).exists()


def test_who_is_limited_brings_nothing_that_concerns_everybody(source):
    """Themes and bodies are for people without limits, by this door too."""
    person = factories.user("manager", source_limits=[source.pk])
    content = "reference,title,category-short-title\nA.1,First,Arms\n"
    batch = examine(content, person, format="impact_oss", source=source)
    assert list(batch.brings["themes"]) == ["arms"]
    with pytest.raises(NotAllowed) as refusal:
        imports.apply(batch, by=person, now=NOW)
    assert refusal.value.rule == "limits"
    assert not Recommendation.objects.exists()
    factories.theme(code="arms", name="Arms")
    batch = bring(content, person, format="impact_oss", source=source)
    assert counts(batch) == (1, 0, 0, 0)
