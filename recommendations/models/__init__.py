"""The nouns: fields, constraints, querysets and cheap properties. Nothing here writes or judges."""

from recommendations.models.allowances import Allowance
from recommendations.models.answers import KeptAnswer
from recommendations.models.assessments import Assessment, Citation
from recommendations.models.assignments import Assignment
from recommendations.models.checks import CheckRun, StatusCheck
from recommendations.models.closures import Closure
from recommendations.models.deadlines import Deadline
from recommendations.models.events import Epoch, Event
from recommendations.models.evidence import Document, Evidence, EvidenceLink
from recommendations.models.findings import Finding
from recommendations.models.hosts import Host
from recommendations.models.import_works import ImportPiece, ImportWork
from recommendations.models.imports import Import, ImportedRow, ImportRow
from recommendations.models.indicators import Indicator, Observation
from recommendations.models.institutions import Institution
from recommendations.models.look_tallies import LookTally
from recommendations.models.notifications import Digest, Notification, Subscription
from recommendations.models.recommendations import Addressee, Recommendation, Relation
from recommendations.models.refreshes import Refresh
from recommendations.models.responses import Response
from recommendations.models.retentions import Retention, RunSummary
from recommendations.models.saved_views import SavedView
from recommendations.models.second_factors import SecondFactor
from recommendations.models.snapshots import RawCopy, Snapshot
from recommendations.models.sources import Figure, Source
from recommendations.models.sweeps import Sweep
from recommendations.models.tallies import Revision, Tally, Verification
from recommendations.models.themes import Theme
from recommendations.models.tokens import Token
from recommendations.models.users import User
from recommendations.models.webhooks import Delivery, DeliveryAttempt, FeedPlace, Webhook

__all__ = [
    "Addressee",
    "Allowance",
    "Assessment",
    "Assignment",
    "CheckRun",
    "Citation",
    "Closure",
    "Deadline",
    "Delivery",
    "DeliveryAttempt",
    "Digest",
    "Document",
    "Epoch",
    "Event",
    "Evidence",
    "EvidenceLink",
    "FeedPlace",
    "Figure",
    "Finding",
    "Host",
    "Import",
    "ImportPiece",
    "ImportRow",
    "ImportWork",
    "ImportedRow",
    "Indicator",
    "Institution",
    "KeptAnswer",
    "LookTally",
    "Notification",
    "Observation",
    "RawCopy",
    "RunSummary",
    "Retention",
    "Recommendation",
    "Refresh",
    "Relation",
    "Response",
    "Revision",
    "SavedView",
    "SecondFactor",
    "Snapshot",
    "Source",
    "StatusCheck",
    "Sweep",
    "Tally",
    "Subscription",
    "Theme",
    "Token",
    "User",
    "Verification",
    "Webhook",
]
