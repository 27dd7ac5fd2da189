import pytest
from django.test import Client

from tracker import headers


@pytest.mark.parametrize(
    ("path", "policy"),
    [
        ("/", headers.PUBLIC),
        ("/api/v1/", headers.PUBLIC),
        ("/admin/", headers.ADMIN),
        ("/api/v1/docs/", headers.DOCS),
    ],
)
def test_only_the_admin_may_evaluate(path: str, policy: str) -> None:
    assert headers.policy(path) == policy
    assert ("'unsafe-eval'" in policy) == (path == "/admin/")


def test_every_answer_carries_the_policies(client: Client) -> None:
    answer = client.get("/api/v1/nothing-here/")

    assert {
        name: answer.headers[name]
        for name in (
            "Content-Security-Policy",
            "X-Content-Type-Options",
            "X-Frame-Options",
            "Referrer-Policy",
        )
    } == {
        "Content-Security-Policy": headers.PUBLIC,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "strict-origin-when-cross-origin",
    }
