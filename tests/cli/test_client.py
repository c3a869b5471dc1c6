"""`kyc client`, `kyc keys`, `kyc database`, `kyc worker`: said on the database that the settings name."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kyc_service.access.keys import AuthenticationRequired, caller_with
from kyc_service.cli.main import app
from kyc_service.domain.clients import FIRST_CLIENT, ClientMode
from kyc_service.errors import Conflict, NotFound
from kyc_service.storage.database import Database
from tests.conftest import OTHER_CLIENT

pytestmark = pytest.mark.integration


class Kyc:
    """The command line, on the database of the test."""

    def __init__(self, url: str, data_dir: Path) -> None:
        self._runner = CliRunner(env={"COLUMNS": "200", "KYC_DATABASE_URL": url, "KYC_DATA_DIR": str(data_dir)})

    def __call__(self, *arguments: str) -> str:
        ran = self._runner.invoke(app, arguments)
        assert ran.exit_code == 0, ran.output
        return ran.stdout

    def refused(self, *arguments: str) -> str:
        """The line that the command ends with, by an error of those that mean exit code 2."""
        error = self._runner.invoke(app, arguments).exception
        assert isinstance(error, NotFound | Conflict)
        return error.message


@pytest.fixture
def kyc(database: Database, postgres_url: str, data_dir: Path) -> Kyc:
    del database  # emptied
    return Kyc(postgres_url, data_dir)


def key_in(text: str) -> str:
    (found,) = re.findall(r"kyc_(?:live|test)_[\w-]{43}", text)
    return str(found)


class TestClient:
    @pytest.mark.parametrize(("more", "mode"), [((), ClientMode.LIVE), (("--sandbox",), ClientMode.SANDBOX)])
    def test_its_first_key_lets_it_in(self, kyc: Kyc, database: Database, more: tuple[str, ...], mode: str) -> None:
        caller = caller_with(database, key_in(kyc("client", "create", "shop", *more)))
        assert caller.mode is mode
        assert caller.client_id in kyc("client", "list")

    def test_a_program_gets_it_as_json_and_a_shell_as_the_key_alone(self, kyc: Kyc, database: Database) -> None:
        made = json.loads(kyc("client", "create", "one", "--json"))
        assert (made["name"], made["mode"]) == ("one", "live")
        assert caller_with(database, made["key"]).client_id == made["client_id"]
        alone = kyc("client", "create", "two", "--key-only")
        assert alone == key_in(alone) + "\n"

    def test_the_list_shows_no_key(self, kyc: Kyc) -> None:
        key = key_in(kyc("client", "create", "shop"))
        listed = kyc("client", "list")
        assert re.search(r"^cli_\w{32}  live    shop\n    key_\w{32}  ", listed, re.MULTILINE)
        assert key not in listed

    def test_a_key_takes_anothers_place(self, kyc: Kyc, database: Database) -> None:
        old, new = (kyc("client", "new-key", FIRST_CLIENT) for _ in range(2))
        kyc("client", "revoke-key", old.split()[1])
        assert caller_with(database, key_in(new)).client_id == FIRST_CLIENT
        with pytest.raises(AuthenticationRequired):
            caller_with(database, key_in(old))
        assert "revoked" in kyc("client", "list")

    def test_a_client_is_shut_out(self, kyc: Kyc, database: Database) -> None:
        key = key_in(kyc("client", "new-key", OTHER_CLIENT))
        kyc("client", "disable", OTHER_CLIENT)
        with pytest.raises(AuthenticationRequired):
            caller_with(database, key)
        assert "disabled" in kyc("client", "list")

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("create", FIRST_CLIENT), "name"),
            (("new-key", "cli_none"), "no such client"),
            (("disable", "cli_none"), "no such client"),
            (("revoke-key", "key_none"), "no such key"),
        ],
    )
    def test_what_cannot_be_done_is_said_in_a_line(self, kyc: Kyc, arguments: tuple[str, ...], said: str) -> None:
        assert said in kyc.refused("client", *arguments)


class TestKeys:
    def test_the_key_in_force_is_told(self, kyc: Kyc) -> None:
        kyc("keys", "status")

    def test_without_a_previous_key_nothing_is_rotated(self, kyc: Kyc) -> None:
        assert "KYC_MASTER_KEY_PREVIOUS_FILE" in kyc.refused("keys", "rotate")


def test_the_schema_is_told_and_brought_up_to_date(kyc: Kyc) -> None:
    said = kyc("database", "migrate")
    assert re.fullmatch(r"present (\w+), expected \1\n", said)
    assert kyc("database", "status") == said


@pytest.mark.parametrize("command", ["worker", "client", "keys", "database"])
def test_help_says_what_it_does_and_nothing_that_is_hidden(command: str) -> None:
    ran = CliRunner(env={"COLUMNS": "200"}).invoke(app, [command, "--help"])
    assert ran.exit_code == 0
    assert command in ran.stdout
    assert "--parent" not in ran.stdout
