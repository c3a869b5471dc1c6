"""``kyc policy explain`` and ``kyc policy simulate`` on reports: what they print, refuse and exit with."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from kyc_service.cli.main import main
from kyc_service.decision.policy import Policy
from kyc_service.decision.report import Report, report_to_json
from kyc_service.decision.verdict import decide
from kyc_service.domain.claims import Claims
from kyc_service.domain.clients import FIRST_CLIENT
from kyc_service.domain.facts import Facts
from kyc_service.domain.outcome import Verdict
from kyc_service.domain.verification import UseCase, VerificationStatus
from kyc_service.policies.installation import Installation
from kyc_service.policies.load import DEFAULT_POLICY
from kyc_service.storage.database import Database
from kyc_service.storage.ids import new_id
from kyc_service.storage.keys import MasterKey
from kyc_service.storage.master_key import create_master_key
from kyc_service.storage.reports import report_purpose
from kyc_service.storage.tables import DataKeyRow, ReportRow, VerificationRow
from tests.decision.policies import line, match, question

pytestmark = pytest.mark.models

MODELS = Path(__file__).parents[2] / "models"
NOW = datetime(2026, 11, 23, tzinfo=UTC)


class Ran:
    """The command line, called in this process as its entry point calls it."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._monkeypatch = monkeypatch
        self.out = ""
        self.err = ""

    def __call__(self, *arguments: str | Path) -> int:
        self._monkeypatch.setattr(sys, "argv", ["kyc", "policy", *(str(argument) for argument in arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        self.out, self.err = self._capsys.readouterr()
        return 0 if ended.value.code is None else int(ended.value.code)

    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def kyc(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, data_dir: Path) -> Ran:
    monkeypatch.setenv("KYC_DATA_DIR", str(data_dir))
    monkeypatch.setenv("KYC_MODELS_DIR", str(MODELS))
    return Ran(capsys, monkeypatch)


@pytest.fixture(scope="module")
def shipped() -> Policy:
    return Installation.of(MODELS, None).shipped()


@pytest.fixture
def lenient(tmp_path: Path) -> Path:
    """The shipped policy as another version: it declines for no line type, and asks nothing of a voip one."""
    text = DEFAULT_POLICY.read_text("utf-8")
    version = next(found for found in text.splitlines() if found.startswith("version:"))
    text = text.replace(version, "version: lenient")
    for reason, action in (("phone_line_not_accepted", "review"), ("phone_line_voip", "none")):
        said = next(found for found in text.splitlines() if found.startswith(f"  {reason}:"))
        text = text.replace(said, f"  {reason}: {action}")
    path = tmp_path / "lenient.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def report(policy: Policy, similarity: float = 0.9, line_type: str = "mobile", label: str = "") -> Report:
    asked = question()
    return Report(
        id=new_id("rep"),
        verification_id=label or new_id("ver"),
        created_at=NOW,
        service_version="0",
        question=asked,
        decision=decide([match(similarity), line(line_type)], policy, asked),
        policy=policy,
        captures=(),
        claims=Claims(),
        document=None,
        facts=Facts(),
        models={},
        timings_ms={},
    )


def text_of(written: Report) -> str:
    return json.dumps(report_to_json(written), ensure_ascii=False)


@pytest.fixture
def folder(tmp_path: Path, shipped: Policy) -> Path:
    """One that stays, one that a lenient policy decides otherwise, one declined for its face, one that loses a reason."""
    path = tmp_path / "reports"
    path.mkdir()
    kinds = (("a", 0.9, "mobile"), ("b", 0.9, "premium_rate"), ("c", -0.5, "mobile"), ("d", 0.9, "voip"))
    for label, similarity, line_type in kinds:
        (path / f"{label}.json").write_text(text_of(report(shipped, similarity, line_type, label)), encoding="utf-8")
    return path


class TestExplain:
    def test_why_and_the_smallest_change_are_told(self, kyc: Ran, folder: Path, shipped: Policy) -> None:
        assert kyc("explain", folder / "c.json") == 0, kyc.err
        assert f"by {shipped.name} {shipped.version}, sha256 {shipped.sha256[:12]}" in kyc.out
        assert "Decline, because:" in kyc.out
        assert "face_mismatch" in kyc.out
        assert "cosine_similarity is -0.5, and must be at least" in kyc.out
        assert kyc.err == ""

    def test_as_json_there_is_nothing_else_on_stdout(self, kyc: Ran, folder: Path, shipped: Policy) -> None:
        assert kyc("explain", folder / "c.json", "--json") == 0
        found = kyc.json()
        assert found["policy"] == {"name": shipped.name, "version": shipped.version, "sha256": shipped.sha256}
        assert found["explanation"]["verdict"] == "decline"
        assert "face_mismatch" in [cause["reason"] for cause in found["explanation"]["causes"]]

    def test_another_policy_says_what_it_would_have_said(self, kyc: Ran, folder: Path, lenient: Path) -> None:
        assert kyc("explain", folder / "b.json") == 0
        assert "Decline, because:" in kyc.out
        assert kyc("explain", folder / "b.json", "--policy", lenient) == 0
        assert "Review, because:" in kyc.out
        assert "by default lenient" in kyc.out
        assert "The report says decline; default lenient says review." in kyc.err

    def test_it_says_on_stderr_where_the_verdict_would_be_another(self, kyc: Ran, tmp_path: Path, folder: Path) -> None:
        body = json.loads((folder / "c.json").read_text("utf-8")) | {"verdict": "approve"}
        path = tmp_path / "changed.json"
        path.write_text(json.dumps(body), encoding="utf-8")
        assert kyc("explain", path) == 0
        assert "The report says approve; default" in kyc.err

    @pytest.mark.integration
    def test_without_the_reports_policy_at_hand_it_is_refused(
        self, kyc: Ran, tmp_path: Path, shipped: Policy, database: Database, postgres_url: str, monkeypatch: Any
    ) -> None:
        del database  # emptied
        monkeypatch.setenv("KYC_DATABASE_URL", postgres_url)
        path = tmp_path / "report.json"
        path.write_text(text_of(report(replace(shipped, name="gone", sha256="e" * 64))), encoding="utf-8")
        assert kyc("explain", path) == 2
        assert kyc.out == ""
        assert f"gone {shipped.version} (sha256 eeeeeeeeeeee), which is not at hand" in kyc.err
        assert kyc("explain", path, "--policy", DEFAULT_POLICY) == 0

    @pytest.mark.integration
    def test_a_drafted_policy_is_at_hand(
        self, kyc: Ran, folder: Path, lenient: Path, database: Database, postgres_url: str, monkeypatch: Any
    ) -> None:
        del database  # emptied
        monkeypatch.setenv("KYC_DATABASE_URL", postgres_url)
        policy = Installation.of(MODELS, lenient).own()
        path = folder / "drafted.json"
        path.write_text(text_of(report(policy)), encoding="utf-8")
        assert kyc("explain", path) == 2
        assert kyc("draft", lenient, "--by", "author") == 0
        assert kyc("explain", path) == 0
        assert "by default lenient" in kyc.out

    @pytest.mark.parametrize(
        ("name", "text", "told"),
        [
            ("broken.json", "{", "not the JSON of a report"),
            ("other.json", "{}", "no report that can be decided again"),
            ("list.json", "[]", "not the JSON of a report"),
            ("empty.jsonl", "\n", "There are no reports there"),
        ],
    )
    def test_what_is_no_report_is_refused(self, kyc: Ran, tmp_path: Path, name: str, text: str, told: str) -> None:
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert kyc("explain", tmp_path / name) == 2
        assert told in kyc.err
        assert "Traceback" not in kyc.err

    def test_a_file_that_is_not_there_is_refused(self, kyc: Ran, tmp_path: Path) -> None:
        assert kyc("explain", tmp_path / "missing.json") == 2
        assert "cannot be read" in kyc.err


class TestSimulate:
    def expect(self, found: dict[str, Any]) -> None:
        counted = {(old, new): n for old, row in found["matrix"].items() for new, n in row.items() if n}
        assert counted == {("review", "review"): 2, ("decline", "review"): 1, ("decline", "decline"): 1}
        assert (found["new"]["version"], found["against"]) == ("lenient", None)
        assert (found["reports"], found["changed"]) == (4, 1)
        assert (found["appeared"], found["vanished"]) == ({"not_measured": 1}, {"phone_line_voip": 1})
        assert [(one["id"], one["old"], one["new"]) for one in found["otherwise"]] == [("b", "decline", "review")]
        assert found["reproduced"] == {"same": 4, "not_asked": 0, "different": [], "not_at_hand": []}
        assert found["refused"] == []

    def test_a_folder_as_json_and_as_a_page(self, kyc: Ran, folder: Path, lenient: Path, tmp_path: Path) -> None:
        page = tmp_path / "page.html"
        assert kyc("simulate", lenient, "--on", folder, "--json", "--html", page) == 0, kyc.err
        self.expect(kyc.json())
        written = page.read_text("utf-8")
        assert page.stat().st_mode & 0o777 == 0o600
        assert "<script" not in written
        assert "phone_line_voip" in written
        assert "<code>b</code>" in written

    def test_lines_give_the_same_as_a_folder(self, kyc: Ran, folder: Path, lenient: Path, tmp_path: Path) -> None:
        lines = tmp_path / "reports.jsonl"
        lines.write_text("\n".join(one.read_text("utf-8") for one in sorted(folder.iterdir())), encoding="utf-8")
        assert kyc("simulate", lenient, "--on", lines, "--json") == 0
        self.expect(kyc.json())

    def test_on_a_terminal_matrix_and_reasons_are_printed(self, kyc: Ran, folder: Path, lenient: Path) -> None:
        assert kyc("simulate", lenient, "--on", folder) == 0
        assert "New: default lenient" in kyc.out
        assert "Old: what was decided" in kyc.out
        assert "old \\ new" in kyc.out
        assert "vanished      1  phone_line_voip" in kyc.out
        assert "b: decline -> review  +not_measured" in kyc.out
        assert "gave its verdict and reasons again: 4 reports" in kyc.out

    def test_against_another_policy(self, kyc: Ran, folder: Path, lenient: Path) -> None:
        assert kyc("simulate", DEFAULT_POLICY, "--against", lenient, "--on", folder, "--json") == 0
        found = kyc.json()
        assert found["against"]["version"] == "lenient"
        assert found["appeared"] == {"phone_line_voip": 1}

    def test_broken_reports_are_told_and_the_others_decided(self, kyc: Ran, folder: Path, lenient: Path) -> None:
        (folder / "x.json").write_text("{", encoding="utf-8")
        (folder / "y.json").write_text('{"schema_version": "2"}', encoding="utf-8")
        assert kyc("simulate", lenient, "--on", folder, "--json") == 0
        assert [one["id"] for one in kyc.json()["refused"]] == ["x.json", "y.json"]
        assert kyc.json()["reports"] == 4
        assert kyc("simulate", lenient, "--on", folder) == 0
        assert "Not decided again: x.json" in kyc.out

    def test_a_policy_that_is_not_at_hand_is_told(self, kyc: Ran, folder: Path, lenient: Path, shipped: Policy) -> None:
        gone = replace(shipped, name="gone", sha256="e" * 64)
        (folder / "e.json").write_text(text_of(report(gone)), encoding="utf-8")
        assert kyc("simulate", lenient, "--on", folder) == 0
        assert "Not at hand, so only compared with what was stored: gone" in kyc.out

    @pytest.mark.parametrize("name", ["missing", "empty", "empty.jsonl"])
    def test_where_no_reports_are_it_is_refused(self, kyc: Ran, tmp_path: Path, lenient: Path, name: str) -> None:
        (tmp_path / "empty").mkdir()
        (tmp_path / "empty.jsonl").write_text("\n", encoding="utf-8")
        assert kyc("simulate", lenient, "--on", tmp_path / name) == 2
        assert kyc.out == ""

    def test_a_policy_that_cannot_be_used_is_refused(self, kyc: Ran, folder: Path, tmp_path: Path) -> None:
        bad = tmp_path / "bad.yaml"
        bad.write_text("name: bad\n", encoding="utf-8")
        assert kyc("simulate", bad, "--on", folder) == 2
        assert "bad.yaml" in kyc.err


@pytest.mark.integration
class TestStored:
    @pytest.fixture
    def key(self, data_dir: Path, database: Database, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> MasterKey:
        del database  # emptied
        path = data_dir.parent / "master.key"
        monkeypatch.setenv("KYC_DATABASE_URL", postgres_url)
        monkeypatch.setenv("KYC_MASTER_KEY_FILE", str(path))
        return create_master_key(path)

    def test_verifications_are_decided_again_and_explained(
        self, kyc: Ran, database: Database, key: MasterKey, shipped: Policy, lenient: Path
    ) -> None:
        good, bad = report(shipped), report(shipped, line_type="voip")
        for one in (good, bad):
            store(database, key, one)
        assert kyc("simulate", lenient, "--json") == 0, kyc.err
        found = kyc.json()
        assert (found["reports"], found["vanished"]) == (2, {"phone_line_voip": 1})
        assert found["reproduced"]["same"] == 2
        assert kyc("explain", bad.verification_id) == 0
        assert "phone_line_voip" in kyc.out

    def test_a_report_whose_key_was_destroyed_is_told(
        self, kyc: Ran, database: Database, key: MasterKey, shipped: Policy, lenient: Path
    ) -> None:
        kept, gone = report(shipped), report(shipped)
        for one in (kept, gone):
            store(database, key, one)
        with database.engine.begin() as connection:
            connection.execute(sqlalchemy.delete(DataKeyRow).where(DataKeyRow.verification_id == gone.verification_id))
        assert kyc("simulate", lenient, "--json") == 0, kyc.err
        assert kyc.json()["reports"] == 1
        (refused,) = kyc.json()["refused"]
        assert refused["id"] == gone.verification_id
        assert "destroyed" in refused["cause"]

    def test_without_the_key_nothing_is_read(
        self, kyc: Ran, database: Database, key: MasterKey, shipped: Policy, lenient: Path, monkeypatch: Any
    ) -> None:
        store(database, key, report(shipped))
        monkeypatch.setenv("KYC_MASTER_KEY_FILE", "/nowhere/master.key")
        assert kyc("simulate", lenient) == 1
        assert kyc.out == ""

    def test_a_verification_that_is_not_there_is_refused(self, kyc: Ran, key: MasterKey) -> None:
        del key
        assert kyc("explain", new_id("ver")) == 2
        assert "error:" in kyc.err


@pytest.mark.integration
class TestVersions:
    WHO = ("--by", "tester", "--because", "a test")

    @pytest.fixture(autouse=True)
    def _stored(self, database: Database, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        del database  # emptied
        monkeypatch.setenv("KYC_DATABASE_URL", postgres_url)

    def test_from_draft_to_use_and_back(self, kyc: Ran, lenient: Path, shipped: Policy) -> None:
        assert kyc("draft", lenient, "--by", "the [bold]author") == 0, kyc.err
        assert "default@lenient drafted" in kyc.out
        assert kyc("draft", lenient, "--by", "somebody") == 0
        assert "was there already" in kyc.out
        assert kyc("list") == 0
        assert "the [bold]author" in kyc.out
        assert "None is active: the installation's own decides" in kyc.out
        assert kyc("activate", "default@lenient", *self.WHO) == 0
        assert "Active: default@lenient" in kyc.out
        assert kyc("list") == 0
        assert "active" in kyc.out
        assert "None is active" not in kyc.out
        assert kyc("rollback", *self.WHO) == 0
        assert f"the installation's own, {shipped.name} {shipped.version}" in kyc.out
        assert kyc("show", "default@lenient") == 0
        assert kyc.out == lenient.read_text("utf-8")
        assert "by tester: a test" in kyc.err

    def test_a_shadow_begins_is_reported_and_ends(self, kyc: Ran, lenient: Path) -> None:
        assert kyc("draft", lenient, "--by", "author") == 0
        assert kyc("shadow", "default@lenient", *self.WHO) == 0
        assert "Shadow: default@lenient" in kyc.out
        for named in ((), ("default@lenient",)):
            assert kyc("shadow-report", *named) == 0
            assert "default@lenient: 0 submissions, the same verdict on 0." in kyc.out
        assert kyc("shadow", "--off", *self.WHO) == 0
        assert "it was default@lenient" in kyc.out

    @pytest.mark.parametrize(
        "arguments",
        [
            ("show", "default@9"),
            ("show", "default"),
            ("activate", "default@9", *WHO),
            ("activate", "default@lenient", "--by", " ", "--because", "why"),
            ("activate", "default@lenient", "--by", "who", "--because", " "),
            ("activate", "default@lenient", "--by", "who"),
            ("rollback", *WHO),
            ("shadow", *WHO),
            ("shadow", "default@lenient", "--off", *WHO),
            ("shadow", "--off", *WHO),
            ("shadow", "default@9", *WHO),
            ("shadow-report",),
            ("shadow-report", "default@9"),
        ],
    )
    def test_refusals_exit_2_in_a_sentence(self, kyc: Ran, lenient: Path, arguments: tuple[str, ...]) -> None:
        assert kyc("draft", lenient, "--by", "author") == 0
        assert kyc(*arguments) == 2
        assert kyc.out == ""
        assert kyc.err
        assert "Traceback" not in kyc.err

    def test_a_version_is_neither_changed_nor_activated_twice(self, kyc: Ran, lenient: Path) -> None:
        assert kyc("draft", lenient, "--by", "author") == 0
        lenient.write_text(lenient.read_text("utf-8") + "# changed\n", encoding="utf-8")
        assert kyc("draft", lenient, "--by", "author") == 2
        assert "needs a new version" in kyc.err
        assert kyc("activate", "default@lenient", *self.WHO) == 0
        assert kyc("activate", "default@lenient", *self.WHO) == 2
        assert "in use already" in kyc.err


def store(database: Database, key: MasterKey, written: Report) -> None:
    """Seal ``written`` under a key of its own, as the service does."""
    data_key, wrapped = key.new_data_key(written.verification_id)
    verification = {
        "id": written.verification_id,
        "client_id": FIRST_CLIENT,
        "version": 1,
        "status": VerificationStatus.IN_REVIEW.value,
        "use_case": UseCase.ONBOARDING.value,
        "tier": "standard",
        "attempt": 1,
        "policy_version": written.policy_version,
        "created_at": NOW,
        "updated_at": NOW,
    }
    sealed = {
        "verification_id": written.verification_id,
        "attempt": 1,
        "id": written.id,
        "verdict": Verdict(written.verdict).value,
        "schema_version": written.schema_version,
        "ciphertext": data_key.seal(text_of(written).encode(), report_purpose(1)),
        "created_at": NOW,
    }
    with database.engine.begin() as connection:
        connection.execute(sqlalchemy.insert(VerificationRow), verification)
        connection.execute(
            sqlalchemy.insert(DataKeyRow),
            {
                "verification_id": written.verification_id,
                "wrapped": wrapped.wrapped,
                "master_key_id": wrapped.master_key_id,
            },
        )
        connection.execute(sqlalchemy.insert(ReportRow), sealed)
