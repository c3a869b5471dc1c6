"""What the command line answers before anything heavy is loaded; in this process, without models."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kyc_service import __version__
from kyc_service.cli.claims_file import read_claims
from kyc_service.cli.configured import SettingsUnusable, read_settings
from kyc_service.cli.listening import AddressUnusable, bound_sockets
from kyc_service.cli.main import app
from kyc_service.cli.output import write_private
from kyc_service.cli.paths import FileUnusable
from kyc_service.cli.settings import settings_page
from kyc_service.settings import Settings, home_of

ROOT = Path(__file__).parents[2]
APPLICANT = ROOT / "fixtures" / "applicants" / "genuine_cn_card"
HEAVY = ("cv2", "numpy", "onnxruntime", "sqlalchemy", "fastapi", "phonenumbers", "kyc_service.bootstrap", "pydantic")


def refused(*arguments: str | Path) -> str:
    answer = CliRunner(env={"COLUMNS": "400"}).invoke(app, [str(argument) for argument in arguments])
    assert answer.exit_code == 2, answer.output
    return answer.stderr


def verify_with(*more: str | Path) -> tuple[str | Path, ...]:
    pictures = ("--front", APPLICANT / "document_front.jpg", "--selfie", APPLICANT / "selfie.jpg")
    return ("verify", *pictures, "--claims", APPLICANT / "claims.json", *more)


def test_help_and_usage_errors_load_nothing_heavy() -> None:
    look = f"import sys, kyc_service.cli.main; print([name for name in {HEAVY} if name in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", look], cwd=ROOT, text=True).strip() == "[]"


def test_the_version_is_told() -> None:
    assert CliRunner().invoke(app, ["--version"]).stdout == f"kyc_service {__version__}\n"


class TestClaimsFile:
    @pytest.mark.parametrize(
        ("text", "told"),
        [
            (b'{"device_location": {"latitude": "x", "longitude": 1}}', "device_location.latitude: "),
            (b'{"full_name":\n "x" 1}', "line 2"),
            (b'{"fullname": "x"}', "Known are: full_name, "),
            (
                b'{"device": {"os": "x"}}',
                "device: There is a key that is not known. Known are: id, timezone, locale, clock.",
            ),
        ],
    )
    def test_a_mistake_is_told_by_file_and_place(self, tmp_path: Path, text: bytes, told: str) -> None:
        path = tmp_path / "claims.json"
        path.write_bytes(text)
        with pytest.raises(FileUnusable) as refusal:
            read_claims(path)
        assert refusal.value.message.startswith(f"{path}: ")
        assert told in refusal.value.message

    def test_a_byte_order_mark_is_no_mistake(self, tmp_path: Path) -> None:
        path = tmp_path / "claims.json"
        path.write_text('{"full_name": "陆青禾"}', encoding="utf-8-sig")
        assert read_claims(path).full_name == "陆青禾"


class TestPage:
    def test_a_folder_is_no_page(self, tmp_path: Path) -> None:
        assert "is no file" in refused(*verify_with("--html", tmp_path))

    def test_a_mistyped_path_makes_no_folder(self, tmp_path: Path) -> None:
        assert "There is no folder" in refused(*verify_with("--html", tmp_path / "absent" / "report.html"))
        assert list(tmp_path.iterdir()) == []

    def test_what_is_no_file_is_left_as_it_is(self) -> None:
        assert "is no file" in refused(*verify_with("--html", "/dev/null"))

    def test_a_page_that_cannot_be_written_is_one_sentence(self, tmp_path: Path) -> None:
        with pytest.raises(FileUnusable, match="cannot be written"):
            write_private(tmp_path, "text")


class TestAddress:
    def test_a_port_in_use_is_known_at_once(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(AddressUnusable, match="--port"):
            bound_sockets("127.0.0.1", taken.getsockname()[1])

    @pytest.mark.parametrize("host", ["203.0.113.77", "no such host"])
    def test_an_address_of_another_machine_is_refused(self, host: str) -> None:
        with pytest.raises(AddressUnusable, match=host):
            bound_sockets(host, 0)

    def test_a_free_port_is_taken(self) -> None:
        (taken,) = bound_sockets("127.0.0.1", 0)
        with taken:
            assert taken.getsockname()[1] > 0


class TestSettings:
    def test_one_that_cannot_be_used_is_named_and_not_repeated(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("KYC_PORT", "hunter2")
        with pytest.raises(SettingsUnusable, match="KYC_PORT") as refusal:
            read_settings()
        assert "hunter2" not in refusal.value.message

    def test_the_page_about_them_is_the_one_that_is_made(self) -> None:
        assert (ROOT / "docs" / "settings.md").read_text("utf-8") == settings_page()

    def test_every_one_has_a_meaning(self) -> None:
        assert [name for name, field in Settings.model_fields.items() if not field.description] == []

    def test_what_is_in_force_is_printed_without_secrets(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("KYC_DATABASE_URL", "postgresql://u:hunter2@h/d")
        monkeypatch.setenv("KYC_RETRY_AFTER_S", "777")
        printed = CliRunner().invoke(app, ["settings"]).stdout
        assert "777" in printed
        assert "hunter2" not in printed

    def test_default_folders_are_those_of_the_project_from_wherever_it_is_called(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        settings = Settings(_env_file=None)
        assert (settings.models_dir, settings.data_dir) == (ROOT / "models", ROOT / "kyc-data")
        assert home_of(tmp_path / "site-packages" / "kyc_service") == Path()


def test_the_files_that_the_readme_names_are_there() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for block in readme.split("sample=")[1:]:
        folder, _, text = block.partition("\n")
        files = set(re.findall(r"\$sample/([\w.]+)", text))
        assert files, folder
        assert [name for name in files if not (ROOT / folder / name).is_file()] == []
    named = re.findall(r"kyc demo --only (\w+)", readme)
    assert named
    manifest = (ROOT / "fixtures" / "applicants" / "manifest.yaml").read_text("utf-8")
    assert [only for only in named if f"- id: {only}\n" not in manifest] == []
