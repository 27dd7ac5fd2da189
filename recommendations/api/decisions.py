"""`assessments/{id}/publish/` and the like: what a person does with one verdict."""

from collections.abc import Callable
from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from recommendations.actions import assessments as actions
from recommendations.api.assessments import AssessmentRow, told_of
from recommendations.api.parameters import Body, Text
from recommendations.api.resources import Resource
from recommendations.models import Assessment
from recommendations.queries.visibility import visible
from recommendations.vocabulary import SUMMARY_LIMIT


class NoteBody(Body):
    """Why; for sending back and retracting it must say something."""

    note = Text(required=False, allow_blank=True, default="", max_length=SUMMARY_LIMIT)


class Decision(Resource):
    """What a person does with one verdict; `act` is the action."""

    deeds = ("publish", "reject", "withdraw", "retract")
    act: ClassVar[Callable[..., Assessment]]

    @extend_schema(request=NoteBody, responses=AssessmentRow)
    def post(self, request: Request, pk: int) -> Response:
        """Refused (409) when it was decided already, and by `assessment_four_eyes` where it is one's own.

        Only a proposer withdraws. Sending back and retracting need a note; publishing needs evidence that somebody
        has read (`assessment_rests_on_verified_evidence`).
        """
        row = self.find(visible(Assessment.objects.all(), self.person), pk=pk)
        row = type(self).act(row, note=self.sent(NoteBody)["note"], by=self.person, now=self.now)
        return Response(told_of(row, self))


@extend_schema(summary="Publish a proposal; never one's own")
class Publish(Decision):
    verbs = {"POST": "assessment.publish"}
    act = staticmethod(actions.publish)


@extend_schema(summary="Send a proposal back, with a reason")
class Reject(Decision):
    verbs = {"POST": "assessment.reject"}
    act = staticmethod(actions.reject)


@extend_schema(summary="Take one's own proposal back")
class Withdraw(Decision):
    verbs = {"POST": "assessment.withdraw"}
    act = staticmethod(actions.withdraw)


@extend_schema(summary="Retract a published verdict, with a reason; it stays readable")
class Retract(Decision):
    verbs = {"POST": "assessment.retract"}
    act = staticmethod(actions.retract)
