"""A wrong setting of any kind is a 400 that names the setting, what it held and what would do; nothing is made."""

import pytest

from recommendations.models import StatusCheck
from tests import factories

pytestmark = pytest.mark.django_db

WATCHED = {
    "page": "evidence",
    "document": "evidence",
    "feed": "recommendation",
    "federal_register": "recommendation",
    "congress_bill": "recommendation",
    "series": "indicator",
    "deadline": "recommendation",
    "freshness": "recommendation",
}
GOOD = {
    "page": {"confirm": 3},
    "document": {},
    "feed": {"url": "https://a.example/rss", "words": ["gun"]},
    "federal_register": {"terms": ["guns"]},
    "congress_bill": {"congress": 119, "type": "hr", "number": 1},
    "series": {"format": "world_bank", "country": "MX", "indicator": "SP.POP.TOTL"},
    "deadline": {"response_within_days": 56, "response_rule": "Rule 4"},
    "freshness": {"within_days": 90},
}
WRONG = [
    ("page", "confirm", 11, "Give a whole number from 1 to 10. Given: 11."),
    ("document", "selector", "#a", 'This kind of check has no such field. Given: "#a".'),
    ("feed", "words", [], "Give a list of 1 to 30 texts of 2 to 100 characters. Given: []."),
    (
        "feed",
        "url",
        "ftp://a.example/",
        'This address will not do: only http and https are followed. Given: "ftp://a.example/".',
    ),
    (
        "federal_register",
        "types",
        ["Notice"],
        'Give a list with some of: RULE, PRORULE, NOTICE, PRESDOCU. Given: ["Notice"].',
    ),
    ("congress_bill", "congress", "119", 'Give a whole number from 93 to 200. Given: "119".'),
    ("series", "country", "all", 'Give text of at most 3 characters, such as MX. Given: "all".'),
    ("deadline", "response_within_days", 0, "Give a whole number from 1 to 3650. Given: 0."),
    ("freshness", "within_days", None, "Give a whole number from 1 to 3650. Given: null."),
]


def body(kind, config):
    row = getattr(factories, WATCHED[kind])()
    watched = row.pk if WATCHED[kind] == "evidence" else row.code
    return {"kind": kind, WATCHED[kind]: watched, "config": config, "every": 86_400}


@pytest.mark.parametrize("kind", GOOD)
def test_every_kind_can_be_set_up(manager, kind):
    answer = manager.post("checks/", body(kind, GOOD[kind]))
    assert answer.status_code == 201, answer.json()
    assert (answer.json()["kind"], answer.json()["config"], answer.json()["state"]) == (
        kind,
        GOOD[kind],
        "active",
    )


@pytest.mark.parametrize(("kind", "field", "value", "said"), WRONG)
def test_a_wrong_setting_is_named_with_its_value_and_its_rule(manager, kind, field, value, said):
    answer = manager.post("checks/", body(kind, GOOD[kind] | {field: value}))
    assert answer.status_code == 400
    assert answer.json()["errors"] == [{"field": f"config.{field}", "code": "check_config", "detail": said}]
    assert not StatusCheck.objects.exists()


def test_every_wrong_setting_is_told_at_once(manager):
    answer = manager.post("checks/", body("congress_bill", {"type": "HR", "key": "secret"}))
    assert {each["field"] for each in answer.json()["errors"]} == {
        "config.congress",
        "config.number",
        "config.type",
        "config.key",
    }


def test_a_change_of_settings_is_judged_like_new_ones(manager):
    address = f"checks/{manager.post('checks/', body('freshness', {})).json()['id']}/"
    etag = {"If-Match": manager.get(address).headers["ETag"]}
    wrong = manager.patch(address, {"config": {"within_days": "90"}}, **etag)
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "config.within_days")
    right = manager.patch(address, {"config": {"within_days": 90}}, **etag)
    assert (right.status_code, right.json()["config"]) == (200, {"within_days": 90})


@pytest.mark.parametrize(
    "wrong",
    [
        {"api_key": "hush"},
        {"url": "https://a.example/?n=1&api_key=hush"},
        {"url": "https://a.example/?token=hush#x"},
    ],
)
def test_a_key_that_strayed_into_the_settings_is_not_told(manager, wrong):
    answer = manager.post("checks/", body("federal_register", GOOD["federal_register"] | wrong))
    assert [each["field"] for each in answer.json()["errors"]] == [f"config.{name}" for name in wrong]
    assert "hush" not in answer.text
