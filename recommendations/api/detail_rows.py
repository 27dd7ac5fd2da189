"""What stands around one recommendation, from plain rows: what `RecommendationDetailRow` says, at a tenth of its cost.

The serializers stay the contract (the schema is made of them); a test compares the two over all of the seeds.
"""

from datetime import date, datetime
from typing import Any

from recommendations.api.assessments import AS_HELD
from recommendations.queries.details import Block
from recommendations.rules import dates
from recommendations.vocabulary import Status


def blocks(told: dict[str, Any], root: str, *, internal: bool, past: bool) -> dict[str, Any]:
    """Each block as the API shows it, in the language of this request; `root` is the address of the API."""
    verdict = told["headline"]
    return {
        "headline": verdict and _verdict(verdict, root, internal=internal, past=past),
        "responses": [_response(row) for row in told["responses"]],
        "evidence": [_evidence(row, root) for row in told["evidence"]],
        "indicators": [_indicator(row, root) for row in told["indicators"]],
        "deadlines": [row | {"recorded_at": _moment(row["recorded_at"])} for row in told["deadlines"]],
        "relations": [_relation(row, root) for row in told["relations"]],
        "closures": [_closure(row) for row in told["closures"]],
    }


def _verdict(row: Block, root: str, *, internal: bool, past: bool) -> Block:
    moments = ("proposed_at", "decided_at", "published_at", "withdrawn_at", "retracted_at")
    staff = {} if internal else dict.fromkeys(("proposed_by", "decided_by", "retracted_by", "decision_note"))
    return (
        {
            "id": row["id"],
            "url": f"{root}assessments/{row['id']}/",
            "recommendation": row["recommendation"],
            "status": row["status"],
            "status_label": str(Status(row["status"]).label),
        }
        | row
        | {name: _moment(row[name]) for name in moments}
        | {
            "confidence": row["confidence"] or None,
            "evidence": [_evidence(cited, root) for cited in row["evidence"]],
        }
        | staff
        | (AS_HELD if past else {})
    )


def _evidence(row: Block, root: str) -> Block:
    """Evidence, with what the link or the citation says of it after what is told of it everywhere."""
    return (
        {"id": row["id"], "code": row["code"], "url": f"{root}evidence/{row['id']}/"}
        | row
        | _dated(row, "occurred_on")
    )


def _response(row: Block) -> Block:
    return row | _dated(row, "stated_on") | {"recorded_at": _moment(row["recorded_at"])}


def _indicator(row: Block, root: str) -> Block:
    values = [value | {"recorded_at": _moment(value["recorded_at"])} for value in row["observations"]]
    return {"code": row["code"], "name": row["name"], "url": f"{root}indicators/{row['code']}/"} | row | {
        "direction": row["direction"] or None,
        "updated_at": _moment(row["updated_at"]),
        "observations": values,
    }  # fmt: skip


def _relation(row: Block, root: str) -> Block:
    return {
        "kind": row["kind"],
        "direction": row["direction"],
        "code": row["code"],
        "title": row["title"],
        "url": f"{root}recommendations/{row['code']}/",
        "note": row["note"],
    }


def _closure(row: Block) -> Block:
    return row | {name: _moment(row[name]) for name in ("closed_at", "reopened_at")}


def _dated(row: Block, name: str) -> Block:
    """The date with only what is known of it, and how much that is."""
    precision = row["date_precision"]
    return {name: dates.iso(date.fromisoformat(row[name]), precision), "date_precision": precision or None}


def _moment(text: str | None) -> datetime | None:
    """Read, so that all moments of an answer are written in one way: PostgreSQL leaves zeros off its fractions."""
    return datetime.fromisoformat(text) if text else None
