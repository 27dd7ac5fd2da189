"""What an operator types, and what it answers."""

import json
import stat
from io import StringIO
from itertools import groupby

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from recommendations.models import Recommendation, Source, Token, User
from tests import factories

pytestmark = pytest.mark.django_db


def said(*command, **options):
    out = StringIO()
    call_command(*command, stdout=out, stderr=out, **options)
    return out.getvalue()


class Terminal(StringIO):
    def isatty(self):
        return True


class TestSeed:
    def test_a_terminal_shows_how_far_it_is_on_a_line_that_is_written_over(self):
        out, progress = StringIO(), Terminal()
        call_command("seed", stdout=out, stderr=progress)
        told = progress.getvalue().split("\r\x1b[K")
        assert [each for each in told if "\n" in each] == []
        assert {"institution: 0 %", "evidence: 0 %", "headlines: 0 %"} <= {
            each.split(",")[0] for each in told
        }
        assert told[-1] == ""
        assert "\x1b" not in out.getvalue()

    def test_it_tells_what_it_did_and_the_second_time_nothing(self):
        first, second = said("seed"), said("seed")
        assert first.startswith("Reading ")
        assert "recommendations   111 new" in first
        assert second.splitlines()[-1] == "0 changes"
        assert User.objects.get(username="curator").is_active is False

    def test_a_broken_folder_is_refused_whole_with_file_and_line(self, tmp_path):
        (tmp_path / "sources.yaml").write_text("- code: X\n  titel: Misspelt\n")
        out = StringIO()
        with pytest.raises(CommandError) as refusal:
            call_command("seed", folder=tmp_path, stdout=out, stderr=out)
        assert "nothing was loaded" in str(refusal.value)
        assert not Source.objects.exists()

    def test_the_person_who_answers_for_it_can_be_named(self):
        with pytest.raises(CommandError, match="no person with the user name “nobody”"):
            said("seed", by="nobody")
        person = factories.user("reviewer", username="ana")
        said("seed", by="ana")
        assert set(
            Recommendation.objects.get(code="CFR60-13").assessments.values_list("decided_by", flat=True)
        ) == {person.pk}

    def test_checking_loads_nothing(self):
        assert "nothing was loaded" in said("seed", check=True)
        assert not Source.objects.exists()


class TestAccounts:
    def test_three_accounts_are_made_once_in_a_private_file(self, settings, tmp_path):
        settings.TRACKER_VAR = tmp_path
        said("accounts")
        path = tmp_path / "credentials.json"
        made = json.loads(path.read_text())
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert {name: User.objects.get(username=name).role for name in made} == {
            "admin": "administrator",
            "editor": "editor",
            "reviewer": "reviewer",
        }
        for name, account in made.items():
            assert account.keys() == {"username", "password", "token"}
            assert User.objects.get(username=name).check_password(account["password"])
            assert Token.objects.get(digest=Token.digest_of(account["token"])).user.username == name

        said("accounts")
        assert json.loads(path.read_text()) == made

    def test_a_lost_file_means_new_passwords_and_not_new_people(self, settings, tmp_path):
        settings.TRACKER_VAR = tmp_path
        said("accounts")
        (tmp_path / "credentials.json").unlink()
        said("accounts")
        made = json.loads((tmp_path / "credentials.json").read_text())
        assert User.objects.count() == 3
        assert User.objects.get(username="editor").check_password(made["editor"]["password"])

    def test_production_gets_no_demonstration_accounts(self, settings):
        settings.TRACKER_MODE = "production"
        with pytest.raises(CommandError, match="createsuperuser"):
            said("accounts")


class TestDoctor:
    def test_all_is_well(self):
        factories.published(factories.recommendation(), status="implemented")
        assert said("doctor") == "1 recommendations recomputed, no difference.\n"

    def test_it_names_what_differs(self):
        row = factories.recommendation()
        factories.published(row, status="implemented")
        with connection.cursor() as cursor:
            # What the guard at commit would refuse can only be brought about by who owns the table.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                "ALTER TABLE recommendations_recommendation DISABLE TRIGGER recommendation_status_is_derived"
            )
            cursor.execute("UPDATE recommendations_recommendation SET contested = true")
        with pytest.raises(CommandError, match="1 stored value"):
            said("doctor")


class TestImport:
    FILE = "code,source,title,summary\nREP-01,REP,First,Do the first.\n"

    def bring(self, tmp_path, content, **options):
        file, out, progress = tmp_path / "rows.csv", StringIO(), Terminal()
        file.write_text(content)
        call_command("import", str(file), format="csv", by="ana", stdout=out, stderr=progress, **options)
        return out.getvalue(), progress.getvalue()

    def test_a_dry_run_then_all_of_it_with_how_far_it_is(self, tmp_path):
        factories.source(code="REP")
        factories.user("manager", username="ana")
        out, _progress = self.bring(tmp_path, self.FILE)
        assert out.splitlines()[-1].endswith("1 new, 0 changed, 0 unchanged, 0 refused, 0 vanished")
        assert not Recommendation.objects.exists()
        out, progress = self.bring(tmp_path, self.FILE, apply=True)
        assert out.splitlines()[-1].endswith(": Applied.")
        assert Recommendation.objects.count() == 1
        told = [each.split(":")[0] for each in progress.split("\r\x1b[K") if each]
        phases = [phase for phase, _each in groupby(told)]  # a slow machine tells a phase more than once
        assert phases == ["Judging the rows", "Writing them down"] * 2

    def test_a_refused_row_is_named_and_nothing_is_imported(self, tmp_path):
        factories.user("manager", username="ana")
        with pytest.raises(CommandError, match="import_has_refused_rows"):
            self.bring(tmp_path, self.FILE, apply=True)
        assert not Recommendation.objects.exists()


class TestFiles:
    @pytest.mark.parametrize(
        ("command", "sentence"),
        [
            (["export", "{}/nowhere/records.ndjson"], "{}/nowhere/records.ndjson: No such file or directory"),
            (
                ["load", "{}/nothing", "--by", "admin"],
                "{}/nothing: No such file or directory; nothing was loaded",
            ),
            (["load", "{}", "--by", "admin"], "{}: Is a directory; nothing was loaded"),
            (["import", "{}", "--format", "csv", "--by", "admin"], "{}: Is a directory"),
            (["import", "{}", "--format", "csv", "--by", "admin", "--as-of", "May"], "give a day such as"),
        ],
    )
    def test_what_cannot_be_opened_or_read_is_told_in_a_sentence(self, tmp_path, command, sentence):
        factories.user("administrator", username="admin")
        with pytest.raises(CommandError, match=sentence.format(tmp_path)):
            call_command(*(word.format(tmp_path) for word in command), stdout=StringIO(), stderr=StringIO())
