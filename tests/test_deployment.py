"""What the guides and the files for deployment name is there: settings, files, and the parts of compose."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from kyc_service.settings import Settings

ROOT = Path(__file__).parents[1]
PAGES = ["docs/guide.md", "docs/deployment.md", "deploy/compose.yaml", "deploy/kyc.service", "README.md"]
OF_OTHERS = {
    "KYC_API_KEY",  # the client's
    "KYC_SERVER",
    "KYC_WEBHOOK_SECRET",
    "KYC_DB_PASSWORD",  # compose's
    "KYC_STORE_PASSWORD",
    "KYC_MASTER_KEY_ON_HOST",
}


@pytest.mark.parametrize("page", PAGES)
def test_every_setting_that_is_named_is_one(page: str) -> None:
    named = set(re.findall(r"KYC_[A-Z0-9_]*[A-Z0-9]", (ROOT / page).read_text("utf-8")))
    assert named - {f"KYC_{name.upper()}" for name in Settings.model_fields} - OF_OTHERS == set()


@pytest.mark.parametrize("page", ["docs/guide.md", "docs/deployment.md", "docs/api.md", "README.md"])
def test_every_page_that_is_linked_is_there(page: str) -> None:
    linked = re.findall(r"\]\((?!https?:|#)([^)#]+)", (ROOT / page).read_text("utf-8"))
    assert [target for target in linked if not ((ROOT / page).parent / target).exists()] == []


def test_compose_has_every_part_that_others_wait_for() -> None:
    services = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))["services"]
    assert {"api", "worker", "postgres", "store"} <= set(services)
    assert {name for one in services.values() for name in one.get("depends_on", ())} <= set(services)


def test_the_samples_of_the_sandbox_that_the_guide_lists_are_those_there_are() -> None:
    table = (ROOT / "docs" / "guide.md").read_text("utf-8").partition("## 10.")[2]
    listed = {name for row in table.splitlines() if row.startswith("| `") for name in re.findall(r"`(\w+)`", row)}
    folders = {path.name for path in (ROOT / "fixtures" / "applicants").iterdir() if path.is_dir()}
    statuses = {"verified", "in_review", "declined", "requires_input"}
    assert listed - statuses == folders - {"not_an_image"}
