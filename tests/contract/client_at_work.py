# ruff: noqa: T201 - what it prints is compared
"""What a person would do through the API, done with a client that a program wrote from its document.

Run by test_client.py with that client in the path: `python client_at_work.py URL EDITOR REVIEWER MANAGER`, the last
three being keys. Prints one line a task.
"""

import sys
from io import BytesIO

from generated import AuthenticatedClient, Client
from generated.api.assessments import assessments_publish, assessments_read
from generated.api.changes import changes_list
from generated.api.checks import checks_add, checks_run
from generated.api.evidence import evidence_add
from generated.api.imports import imports_add, imports_rows_list
from generated.api.me import me_read
from generated.api.recommendations import (
    recommendations_assessments_add,
    recommendations_list,
    recommendations_read,
)
from generated.models.check_body_request import CheckBodyRequest
from generated.models.evidence_body_request import EvidenceBodyRequest
from generated.models.import_body_request import ImportBodyRequest
from generated.models.import_format_enum import ImportFormatEnum
from generated.models.note_body_request import NoteBodyRequest
from generated.models.proposal_body_request import ProposalBodyRequest
from generated.types import File

url, *keys = sys.argv[1:]
anyone = Client(base_url=url)
editor, reviewer, manager = (AuthenticatedClient(base_url=url, token=key) for key in keys)

page = recommendations_list.sync(client=anyone, source=["CFR60"], limit=3)
print("list", [row.code for row in page.results], page.next_ is not None)
row = recommendations_read.sync("CFR60-12", client=anyone)
print("detail", row.code, str(row.status), len(row.evidence) > 0)
print("me", me_read.sync(client=editor).username)

filed = evidence_add.sync(
    client=editor,
    body=EvidenceBodyRequest.from_dict(
        {
            "url": "https://example.org/filed-by-a-client",
            "title": "Filed by a client",
            "finding": "It was begun.",
            "kind": "report",
            "occurred_on": "2026-01",
        }
    ),
)
print("evidence", filed.title)
claim = {
    "status": "in_progress",
    "effective_on": "2026-09-30",
    "rationale": "Proposed by a client.",
    "confidence": "low",
    "verdict_by": "office",
    "evidence": [{"id": filed.id, "stance": "supports"}],
}
proposal = recommendations_assessments_add.sync(
    "CFR60-12", client=editor, body=ProposalBodyRequest.from_dict(claim), idempotency_key=f"client-{filed.id}"
)
again = recommendations_assessments_add.sync(
    "CFR60-12", client=editor, body=ProposalBodyRequest.from_dict(claim), idempotency_key=f"client-{filed.id}"
)
print("propose", str(proposal.state), again.id == proposal.id)
hidden = assessments_read.sync(proposal.id, client=anyone)
print("hidden", hidden.status)
own = assessments_publish.sync(proposal.id, client=editor, body=NoteBodyRequest(note="Mine."))
print("own", own.status)
done = assessments_publish.sync(proposal.id, client=reviewer, body=NoteBodyRequest(note="Agreed."))
print("publish", str(done.state), str(recommendations_read.sync("CFR60-12", client=anyone).status))

check = checks_add.sync(
    client=manager,
    body=CheckBodyRequest.from_dict({"kind": "page", "every": 86400, "evidence": filed.id}),
)
print("check", checks_run.sync(check.id, client=manager).requested_at is not None)

feed = changes_list.sync(client=anyone, limit=5)
print("changes", len(feed.results), bool(feed.cursor))

content = b"code,source,title,summary\nCFR60-97,CFR60,Brought by a client,Try it.\n"
tried = imports_add.sync(
    client=manager,
    body=ImportBodyRequest(file=File(BytesIO(content), "rows.csv", "text/csv"), format_=ImportFormatEnum.CSV),
)
print(
    "dry run",
    tried.rows_new,
    [str(each.outcome) for each in imports_rows_list.sync(tried.id, client=manager).results],
)
applied = imports_add.sync(client=manager, body=ImportBodyRequest(dry_run=False, import_=tried.id))
print("import", str(applied.state))
