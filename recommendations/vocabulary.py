"""The controlled words of the tracker, each with the one sentence that says what it means.

Every word stored in a column with a fixed set of values comes from here; the database holds the
same set as a check constraint. Four axes stay apart (response, status, closure, standing): most
trackers mix them in one list and then cannot say what they know.

This module imports nothing of ours.
"""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

METHOD_VERSION = "1.0"
"""The version of METHODOLOGY.md under which a verdict is made; stored with each assessment."""

RECORD_LANGUAGE = "en"
"""What titles, summaries and reasons are written in, those that programs write included, whoever asked for them.

Only the tracker's own words are translated.
"""

SUMMARY_LIMIT = 2_000
"""Characters of a summary, a rationale or a finding: our own words, not a copy of a document."""


TEXT_LIMIT = 10_000
"""Characters of what a person gives as reasons: a rationale, a note, a caution."""


class Status(TextChoices):
    """What has happened with a recommendation. `NOT_ASSESSED` is the absence of a verdict."""

    NOT_ASSESSED = "not_assessed", _("Not assessed")
    UNABLE_TO_ASSESS = "unable_to_assess", _("Unable to assess")
    NO_ACTION = "no_action", _("No action found")
    IN_PROGRESS = "in_progress", _("In progress")
    PARTIALLY_IMPLEMENTED = "partially_implemented", _("Partially implemented")
    SUBSTANTIALLY_IMPLEMENTED = "substantially_implemented", _("Substantially implemented")
    IMPLEMENTED = "implemented", _("Implemented")
    MET_BY_OTHER_MEANS = "met_by_other_means", _("Met by other means")
    STALLED = "stalled", _("Stalled")
    REVERSED = "reversed", _("Reversed")
    NOT_IMPLEMENTED = "not_implemented", _("Not implemented")


@dataclass(frozen=True)
class StatusMeaning:
    """How a status is shown and for how long it may stand unverified.

    `icon` is the name of a symbol in the sprite of the public pages, `tone` one of the colour
    families of the style sheet, `shelf_days` the days after which an unverified verdict is stale.
    """

    definition: object
    icon: str
    tone: str
    shelf_days: int


STATUS_MEANINGS: dict[str, StatusMeaning] = {
    Status.NOT_ASSESSED: StatusMeaning(
        _("Nobody has looked yet. This says nothing about what was or was not done."), "question", "none", 0
    ),
    Status.UNABLE_TO_ASSESS: StatusMeaning(
        _("We looked, and what is public does not let anyone judge."), "eye-off", "none", 365
    ),
    Status.NO_ACTION: StatusMeaning(
        _("We looked and found nothing done about it up to the day stated."), "circle", "grey", 365
    ),
    Status.IN_PROGRESS: StatusMeaning(
        _("Work that would carry it out has begun; no result counts yet."), "arrow", "blue", 180
    ),
    Status.PARTIALLY_IMPLEMENTED: StatusMeaning(
        _("Some of what was asked exists; important parts do not."), "half", "amber", 365
    ),
    Status.SUBSTANTIALLY_IMPLEMENTED: StatusMeaning(
        _("Most of what was asked exists; what is missing is minor."), "most", "green", 365
    ),
    Status.IMPLEMENTED: StatusMeaning(
        _("What was asked has been done, in substance, on the evidence cited."), "check", "green", 730
    ),
    Status.MET_BY_OTHER_MEANS: StatusMeaning(
        _("The aim was reached in another way than the one recommended."), "check-alt", "green", 730
    ),
    Status.STALLED: StatusMeaning(
        _("Work had begun and has stopped without a result."), "pause", "orange", 180
    ),
    Status.REVERSED: StatusMeaning(
        _("Something that carried it out was undone, or policy moved the other way."), "back", "red", 365
    ),
    Status.NOT_IMPLEMENTED: StatusMeaning(
        _("It was refused, or its time is up and it was not done."), "cross", "red", 730
    ),
}

STATUSES_NEEDING_NO_EVIDENCE = (Status.NO_ACTION, Status.UNABLE_TO_ASSESS)
"""Verdicts that say nothing was found: an absence has no document."""

ASSESSABLE_STATUSES = [status for status in Status if status != Status.NOT_ASSESSED]
"""What an assessment may say: "not assessed" is the lack of one."""


class ResponseKind(TextChoices):
    """What an addressee said. "Noted" is not "rejected"."""

    NONE = "none", _("No response known")
    ACCEPTED = "accepted", _("Accepted")
    ACCEPTED_IN_PRINCIPLE = "accepted_in_principle", _("Accepted in principle")
    PARTIALLY_ACCEPTED = "partially_accepted", _("Partially accepted")
    NOTED = "noted", _("Noted")
    REJECTED = "rejected", _("Rejected")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")


class ClosureReason(TextChoices):
    IMPLEMENTED = "implemented", _("Implemented")
    MET_BY_OTHER_MEANS = "met_by_other_means", _("Met by other means")
    WILL_NOT_IMPLEMENT = "will_not_implement", _("Will not be implemented")
    SUPERSEDED = "superseded", _("Superseded")
    NO_LONGER_APPLICABLE = "no_longer_applicable", _("No longer applicable")


CLOSURES_UNDER_REVIEW = (
    ClosureReason.WILL_NOT_IMPLEMENT,
    ClosureReason.SUPERSEDED,
    ClosureReason.NO_LONGER_APPLICABLE,
)
"""Closures that carry a review date, on which the recommendation reopens by itself."""


class VerdictBy(TextChoices):
    """Whose verdict an assessment is. The headline is the office's."""

    OFFICE = "office", _("This office")
    ADDRESSEE = "addressee", _("The addressee")
    OVERSIGHT = "oversight", _("An oversight body")


class Confidence(TextChoices):
    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


class AssessmentState(TextChoices):
    PROPOSED = "proposed", _("Proposed")
    PUBLISHED = "published", _("Published")
    REJECTED = "rejected", _("Sent back")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    RETRACTED = "retracted", _("Retracted")


class Grouping(TextChoices):
    """By what recommendations are counted together."""

    ALL = "all", _("All together")
    SOURCE = "source", _("Source")
    THEME = "theme", _("Theme")
    ADDRESSEE = "addressee", _("Addressee")
    YEAR = "year", _("Year")


class Visibility(TextChoices):
    PUBLIC = "public", _("Public")
    INTERNAL = "internal", _("Internal")


class Precision(TextChoices):
    """How much of a date is known: only that much of it is ever shown."""

    DAY = "day", _("Day")
    MONTH = "month", _("Month")
    SEASON = "season", _("Season")
    YEAR = "year", _("Year")


class SourceKind(TextChoices):
    REPORT = "report", _("Report")
    ESSAY = "essay", _("Essay")
    ARTICLE = "article", _("Article")
    OP_ED = "op-ed", _("Opinion article")
    AUDIT = "audit", _("Audit")
    INQUIRY = "inquiry", _("Inquiry")
    TREATY_REVIEW = "treaty_review", _("Treaty review")


class EvidenceKind(TextChoices):
    """What sort of event a piece of evidence shows."""

    LAW = "law", _("Law")
    REGULATION = "regulation", _("Regulation")
    EXECUTIVE_ACTION = "executive_action", _("Executive action")
    APPROPRIATION = "appropriation", _("Appropriation")
    AGREEMENT = "agreement", _("Agreement")
    PROGRAMME = "programme", _("Programme")
    COURT = "court", _("Court decision")
    REPORT = "report", _("Report")
    DATA = "data", _("Data")
    NEWS = "news", _("News")


class Stance(TextChoices):
    """How a piece of evidence bears on a recommendation."""

    SUPPORTS = "supports", _("Supports")
    CONTRADICTS = "contradicts", _("Contradicts")
    REVERSES = "reverses", _("Reverses")


class Timing(TextChoices):
    """Whether evidence can count: what is older than the document cannot implement it."""

    AFTER_PUBLICATION = "after_publication", pgettext_lazy("evidence", "After the document")
    BEFORE_PUBLICATION = "before_publication", pgettext_lazy("evidence", "Before the document (context only)")


class RelationKind(TextChoices):
    SAME_AIM = "same_aim", _("Same aim")
    SUPPORTS = "supports", pgettext_lazy("relation", "Supports")
    CONTRADICTS = "contradicts", pgettext_lazy("relation", "Contradicts")
    SUPERSEDES = "supersedes", pgettext_lazy("relation", "Supersedes")
    DUPLICATES = "duplicates", pgettext_lazy("relation", "Duplicates")


class InstitutionKind(TextChoices):
    GOVERNMENT = "government", _("Government")
    EXECUTIVE = "executive", _("Head of government or executive office")
    LEGISLATURE = "legislature", _("Legislature")
    AGENCY = "agency", _("Department or agency")
    COURT = "court", _("Court")
    INTERNATIONAL = "international", _("International body")
    THINK_TANK = "think_tank", _("Think tank")
    ACADEMIC = "academic", _("University or journal")
    MEDIA = "media", _("News medium")
    NGO = "ngo", _("Non-governmental organisation")
    COMPANY = "company", _("Company")
    OTHER = "other", _("Other")


class Direction(TextChoices):
    """Which way an indicator should move."""

    UP = "up", _("Higher is better")
    DOWN = "down", _("Lower is better")


class ObservationRole(TextChoices):
    BASELINE = "baseline", _("Baseline")
    OBSERVATION = "observation", _("Observation")
    TARGET = "target", _("Target")


class FigureKind(TextChoices):
    """A number told by a source document itself, or one seen later for the same measure."""

    STATED = "stated", _("Stated in the document")
    LATER = "later", _("Seen later")


class CheckKind(TextChoices):
    """What a status check looks at. A kind is served once it has an adapter (see fetching/adapters)."""

    PAGE = "page", _("Web page")
    DOCUMENT = "document", _("Document (PDF)")
    FEED = "feed", _("News feed")
    FEDERAL_REGISTER = "federal_register", _("US Federal Register")
    CONGRESS_BILL = "congress_bill", _("Bill of the US Congress")
    SERIES = "series", _("Statistical series")
    DEADLINE = "deadline", _("Our own dates")
    FRESHNESS = "freshness", _("Age of our verdict")


OWN_CHECKS = (CheckKind.DEADLINE, CheckKind.FRESHNESS)
"""Kinds that look at our own rows: they ask nobody over the network."""


class CheckState(TextChoices):
    ACTIVE = "active", pgettext_lazy("check", "Active")
    PAUSED = "paused", pgettext_lazy("check", "Paused")
    FAILING = "failing", pgettext_lazy("check", "Failing")


class Outcome(TextChoices):
    """What one look brought."""

    FIRST_LOOK = "first_look", _("First run")
    UNCHANGED = "unchanged", _("Unchanged")
    CHANGED = "changed", _("Changed")
    MOVED = "moved", _("Moved")
    GONE = "gone", _("Gone")
    BLOCKED = "blocked", _("Blocked")
    FAILED = "failed", _("Failed")
    REFUSED = "refused", _("Refused by our own door")
    KEY_MISSING = "key_missing", _("Not run: its key is missing")


FAILED_OUTCOMES = (Outcome.FAILED, Outcome.REFUSED)
"""Looks that came to nothing and are tried again after a while."""


UNEVENTFUL = (
    Outcome.UNCHANGED,
    Outcome.BLOCKED,
    Outcome.FAILED,
    Outcome.REFUSED,
    Outcome.KEY_MISSING,
)
"""Looks that say nothing new of the world: with age they may be counted instead of kept."""


class Kept(TextChoices):
    """What grows with every look, and may be dropped with age."""

    TEXTS = "texts", pgettext_lazy("retention", "Texts of snapshots")
    RAW = "raw", pgettext_lazy("retention", "Raw copies")
    RUNS = "runs", pgettext_lazy("retention", "Uneventful runs")


class FindingKind(TextChoices):
    EVIDENCE_CHANGED = "evidence_changed", _("Evidence changed")
    EVIDENCE_MOVED = "evidence_moved", _("Evidence moved")
    EVIDENCE_GONE = "evidence_gone", _("Evidence gone")
    EVIDENCE_BLOCKED = "evidence_blocked", _("Evidence blocked")
    DOCUMENT_FOUND = "document_found", _("Document found")
    STATUS_SUGGESTED = "status_suggested", _("Status suggested")
    VALUE_FOUND = "value_found", _("Value found")
    CHECK_FAILING = "check_failing", _("Check failing")
    HOST_FAILING = "host_failing", _("Host failing")
    DEADLINE_PASSED = "deadline_passed", _("Deadline passed")
    RESPONSE_OVERDUE = "response_overdue", _("Response overdue")
    CLOSURE_EXPIRED = "closure_expired", _("Closure expired")
    VERDICT_STALE = "verdict_stale", _("Verdict stale")
    VERDICT_CONTESTED = "verdict_contested", _("Verdict contested")
    ROW_VANISHED = "row_vanished", _("Row vanished from an import")


class FindingState(TextChoices):
    OPEN = "open", pgettext_lazy("finding", "Waiting for a person")
    ACCEPTED = "accepted", pgettext_lazy("finding", "Accepted")
    DISMISSED = "dismissed", pgettext_lazy("finding", "Dismissed")


class ImportFormat(TextChoices):
    """Files that can be imported; exchange/formats.py says how each is read."""

    CSV = "csv", _("Our own CSV")
    NDJSON = "ndjson", _("Our own NDJSON")
    GAO = "gao", _("GAO: open recommendations (CSV)")
    UHRI = "uhri", _("OHCHR: Universal Human Rights Index (JSON)")
    IMPACT_OSS = "impact_oss", _("IMPACT OSS: recommendations (CSV)")
    OGP = "ogp", _("OGP: commitments (CSV)")


class ImportState(TextChoices):
    WAITING = "waiting", pgettext_lazy("import", "To be judged")
    EXAMINED = "examined", pgettext_lazy("import", "Dry run")
    APPLIED = "applied", pgettext_lazy("import", "Applied")
    FAILED = "failed", pgettext_lazy("import", "Not judged")
    CANCELLED = "cancelled", pgettext_lazy("import", "Cancelled")


class ImportTask(TextChoices):
    """What a worker is asked to do with an import."""

    EXAMINE = "examine", pgettext_lazy("import", "Judge")
    APPLY = "apply", pgettext_lazy("import", "Apply")


class ImportPhase(TextChoices):
    """How far a worker has come with an import; the last three are ends."""

    WAITING = "waiting", pgettext_lazy("import", "Waiting for a worker")
    READING = "reading", pgettext_lazy("import", "Reading the file")
    JUDGING = "judging", pgettext_lazy("import", "Judging the rows")
    WRITING = "writing", pgettext_lazy("import", "Writing them down")
    DONE = "done", pgettext_lazy("import", "Done")
    FAILED = "failed", pgettext_lazy("import", "Failed")
    CANCELLED = "cancelled", pgettext_lazy("import", "Cancelled")


IMPORT_ENDED = (ImportPhase.DONE, ImportPhase.FAILED, ImportPhase.CANCELLED)


class RowOutcome(TextChoices):
    """What an import makes of one row of its file."""

    NEW = "new", pgettext_lazy("row", "New")
    CHANGED = "changed", pgettext_lazy("row", "Changed")
    UNCHANGED = "unchanged", pgettext_lazy("row", "Unchanged")
    REFUSED = "refused", pgettext_lazy("row", "Refused")


class MessageType(TextChoices):
    """What a webhook can be told of: the verbs of public events about one recommendation."""

    STATUS_CHANGED = "recommendation.status_changed", _("The status of a recommendation changed")
    PUBLISHED = "assessment.published", _("A verdict was published")
    RETRACTED = "assessment.retracted", _("A verdict was retracted")
    CLOSED = "recommendation.closed", _("A recommendation was closed")
    REOPENED = "recommendation.reopened", _("A recommendation was reopened")
    RESPONDED = "response.recorded", _("A response was recorded")
    DEADLINE_MOVED = "deadline.moved", _("A deadline was set or moved")
    EVIDENCE_LINKED = "evidence.linked", _("Evidence was linked to a recommendation")
    EVIDENCE_UNLINKED = "evidence.unlinked", _("Evidence was taken from a recommendation")
    HIDDEN = "recommendation.hidden", _("A recommendation is public no longer")


TEST_MESSAGE = "webhook.test"
"""The type of the message that a person has sent to see whether their receiver works."""


class WebhookState(TextChoices):
    ACTIVE = "active", pgettext_lazy("webhook", "Active")
    PAUSED = "paused", pgettext_lazy("webhook", "Paused")
    DISABLED = "disabled", pgettext_lazy("webhook", "Switched off: its receiver failed")
    WITHDRAWN = "withdrawn", pgettext_lazy("webhook", "Withdrawn")


class DeliveryState(TextChoices):
    WAITING = "waiting", pgettext_lazy("delivery", "Waiting")
    DELIVERED = "delivered", pgettext_lazy("delivery", "Delivered")
    FAILED = "failed", pgettext_lazy("delivery", "Given up")
    WITHHELD = "withheld", pgettext_lazy("delivery", "Withheld: no longer public")


class Topic(TextChoices):
    """What a person may be told of; each chooses of what and how."""

    ASSIGNED = "assigned", _("Something is assigned to me")
    SENT_BACK = "sent_back", _("A proposal of mine is sent back")
    FINDING = "finding", _("A check found something on a theme I follow")
    DEADLINE = "deadline", _("A deadline on a theme I follow comes within 30 days")
    WEBHOOK = "webhook", _("A webhook of mine is switched off, because its receiver fails")
    IMPORT = "import", _("A file that I brought in is judged or applied by a worker, or could not be")


class Role(TextChoices):
    """What a person may do; permissions.py lists the verbs of each."""

    NONE = "", _("No role")
    VIEWER = "viewer", _("Viewer")
    EDITOR = "editor", _("Editor")
    REVIEWER = "reviewer", _("Reviewer")
    MANAGER = "manager", _("Manager")
    ADMINISTRATOR = "administrator", _("Administrator")


DONE = {
    "created": pgettext_lazy("what was done", "added"),
    "changed": pgettext_lazy("what was done", "changed"),
    "status_changed": pgettext_lazy("what was done", "status changed"),
    "proposed": pgettext_lazy("what was done", "proposed"),
    "published": pgettext_lazy("what was done", "published"),
    "rejected": pgettext_lazy("what was done", "sent back"),
    "withdrawn": pgettext_lazy("what was done", "withdrawn"),
    "retracted": pgettext_lazy("what was done", "retracted"),
    "closed": pgettext_lazy("what was done", "closed"),
    "reopened": pgettext_lazy("what was done", "reopened"),
    "moved": pgettext_lazy("what was done", "moved"),
    "recorded": pgettext_lazy("what was done", "recorded"),
    "linked": pgettext_lazy("what was done", "linked"),
    "unlinked": pgettext_lazy("what was done", "unlinked"),
    "removed": pgettext_lazy("what was done", "removed"),
    "merged": pgettext_lazy("what was done", "merged into another"),
    "shown": pgettext_lazy("what was done", "made public"),
    "hidden": pgettext_lazy("what was done", "no longer public"),
    "updated": pgettext_lazy("what was done", "reads otherwise, because of a change elsewhere"),
    "brought": pgettext_lazy("what was done", "brought for a person to judge"),
    "accepted": pgettext_lazy("what was done", "accepted"),
    "dismissed": pgettext_lazy("what was done", "dismissed"),
    "ended": pgettext_lazy("what was done", "ended by itself"),
    "assignment.made": pgettext_lazy("what was done", "assigned to a person"),
    "assignment.ended": pgettext_lazy("what was done", "assigned to nobody any more"),
    "applied": pgettext_lazy("what was done", "applied"),
    "cancelled": pgettext_lazy("what was done", "called off"),
    "asked": pgettext_lazy("what was done", "asked for"),
    "requested": pgettext_lazy("what was done", "asked for"),
    "check.requested": pgettext_lazy("what was done", "run asked for"),
    "issued": pgettext_lazy("what was done", "issued"),
    "revoked": pgettext_lazy("what was done", "revoked"),
    "rotated": pgettext_lazy("what was done", "replaced by a new one"),
    "secret_rotated": pgettext_lazy("what was done", "secret replaced"),
    "tested": pgettext_lazy("what was done", "tried out"),
    "disabled": pgettext_lazy("what was done", "switched off"),
    "password_changed": pgettext_lazy("what was done", "password changed"),
    "sessions_ended": pgettext_lazy("what was done", "sessions ended"),
    "second_factor_added": pgettext_lazy("what was done", "second factor added"),
    "second_factor_removed": pgettext_lazy("what was done", "second factor removed"),
}
"""What an event says was done: by its whole verb, or by what stands behind the dot."""


def done(verb: str) -> str:
    """What was done, in words; a verb that nobody has put into words stays as it is."""
    return str(DONE.get(verb) or DONE.get(verb.rpartition(".")[2]) or verb)


class Scope(TextChoices):
    """What a token may do at most; its owner's role limits it further."""

    READ = "read", _("Read")
    PROPOSE = "propose", _("Propose and file evidence")
    REVIEW = "review", _("Decide on proposals and findings")
    MANAGE = "manage", _("Manage checks, sources and the lists")
