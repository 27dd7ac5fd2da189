"""What each address costs in statements: a literal each, the same for one row and for a hundred.

The addresses come from the table of URLs: a new one without a literal fails.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations.api.resources import Resource
from recommendations.queries import search
from tests import addresses
from tests.api import many
from tests.api.conftest import holding
from tests.factories import user

pytestmark = pytest.mark.django_db

TO_SIGN_IN = 1
"""The token with its person. (That it was used is written down by the first request, before we count.)"""

FILES = "they are not answered row by row"
ITSELF = "it answers of itself and not of rows"
NOT_COUNTED = {
    "": ITSELF,
    "me/": ITSELF,
    "schema/": ITSELF,
    "exports/": ITSELF,
    "exports/recommendations.csv": FILES,
    "exports/recommendations.ndjson": FILES,
    "exports/recommendations.xlsx": FILES,
    "exports/datapackage.zip": FILES,
    "exports/tracker.ndjson": FILES,
}

COSTS = {
    many.source_rows: {"sources/?limit=500": 2, "sources/?limit=500&as_of=2020-01-01": 2},
    many.recommendation_rows: {
        "recommendations/?limit=500": 2,
        "recommendations/?limit=500&level=all&include=count": 3,
        "recommendations/?limit=500&as_of=2020-01-01": 2,
        "recommendations/?limit=500&as_of=2020-01-01&status=in_progress&stale=false": 3,
        "recommendations/?limit=500&q=recommendation&level=top": 2,
        "recommendations/?limit=500&expand=parts,evidence,responses,assessments": 10,
        "compare/?limit=500&from=2012-01-01&to=2020-01-01": 2,
        "overview/?limit=500&group_by=addressee": 1,
        "overview/?limit=500&group_by=theme&as_of=2020-01-01": 1,
    },
    many.assessment_rows: {
        "recommendations/R-1/assessments/?limit=500": 4,
        "assessments/?limit=500": 3,
    },
    many.everything: {
        "recommendations/R-1/": 1,
        "recommendations/R-1/timeline/": 8,
        "sources/{source}/": 2,
        "sources/{source}/scorecard/": 6,
        "assessments/{assessment}/": 3,
        "evidence/{evidence}/": 2,
        "institutions/{institution}/": 1,
        "themes/{theme}/": 1,
        "indicators/{indicator}/": 3,
    },
    many.evidence_rows: {"evidence/?limit=500": 2},
    many.snapshot_rows: {"evidence/1/snapshots/?limit=500": 2},
    many.pairs_of_snapshots: {"evidence/1/diff/": 3},
    many.institution_rows: {"institutions/?limit=500": 1},
    many.theme_rows: {"themes/?limit=500": 1},
    many.indicator_rows: {"indicators/?limit=500": 3},
    many.observation_rows: {"indicators/I1/observations/?limit=500": 4},
    many.check_rows: {"checks/?limit=500": 1},
    many.run_rows: {"checks/1/runs/?limit=500": 2, "checks/1/": 1},
    many.finding_rows: {"findings/?limit=500": 2, "findings/precision/": 1, "findings/{finding}/": 2},
    many.import_rows: {"imports/?limit=500": 1},
    many.rows_of_an_import: {"imports/{import}/rows/?limit=500": 2, "imports/{import}/": 1},
    many.token_rows: {"tokens/?limit=500": 1, "tokens/{token}/": 1},
    many.webhook_rows: {"webhooks/?limit=500": 1, "webhooks/{webhook}/": 1},
    many.delivery_rows: {
        "webhooks/{webhook}/deliveries/?limit=500": 3,
        "webhooks/{webhook}/deliveries/{delivery}/": 3,
    },
    many.change_rows: {"changes/?limit=500&recommendation=R-1": 5},
}
"""Statements by what makes the rows and by what is asked."""


def test_every_address_is_counted():
    served = {
        route.removeprefix("api/v1/")
        for route, callback in addresses.routes()
        if route.startswith("api/v1/")
        and issubclass(callback.view_class, Resource)
        and hasattr(callback.view_class, "get")
    }
    counted = {addresses.route_of(asked) for costs in COSTS.values() for asked in costs}
    assert served - counted == NOT_COUNTED.keys()
    assert counted <= served


@pytest.fixture
def administrator():
    """Who is told of everybody's."""
    return holding(user("administrator", username="asking"))


@pytest.mark.parametrize("make", COSTS, ids=lambda make: make.__name__)
def test_it_costs_the_same_for_one_row_and_for_a_hundred(administrator, make):
    for number in (1, 99):
        make(number)
        administrator.read("me/")
        search.is_common("what is kept for minutes")
        for address, statements in COSTS[make].items():
            path = address.format_map(addresses.Latest())
            with CaptureQueriesContext(connection) as asked:
                told = administrator.read(path)
            if "limit=500" in path and "overview" not in path:
                assert len(told["results"]) >= (1 if number == 1 else 99), f"{path}: nothing was counted"
            said = "\n".join(each["sql"][:200] for each in asked)
            assert len(asked) == statements + TO_SIGN_IN, f"{path} after {number}: {len(asked)}\n{said}"
