from django.test import Client

from tests import factories


def test_the_numbers_are_the_databases(client: Client, db: None) -> None:
    factories.check()

    answer = client.get("/metrics").content.decode()

    assert 'tracker_checks{state="active"} 1.0' in answer
    assert "tracker_last_look_timestamp_seconds 0.0" in answer
    assert "tracker_findings_open 0.0" in answer
