"""Pictures that are read once and measured later are measured as the service measures them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kyc_service.documents.authenticity.measures import take_measures
from kyc_service.documents.engines import load_document_engines
from kyc_service.documents.stage import read_front
from kyc_service.evaluation.authenticity_read import opened
from kyc_service.evaluation.authenticity_set import read_sets
from kyc_service.inference.manifest import read_manifest
from kyc_service.inference.threads import ThreadSettings

ROOT = Path(__file__).parents[2]
MODELS = ROOT / "models"
APPLICANTS = ROOT / "fixtures" / "applicants"
CARD = APPLICANTS / "genuine_cn_card" / "document_front.jpg"
NO_CARD = APPLICANTS / "no_card" / "document_front.jpg"

pytestmark = pytest.mark.models


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [f"{path},{kind},mild,one" for path, kind in ((CARD, "none"), (NO_CARD, "none"))]
    (tmp_path / "manifest.csv").write_text("\n".join(["path,attack,severity,document", *rows]) + "\n", "utf-8")
    return tmp_path


def test_a_read_card_has_the_services_measures_and_an_unread_picture_none(folder: Path) -> None:
    card, no_card = read_sets([folder], MODELS).samples
    assert (card.is_read, card.family, card.has_outline) == (True, "cn_resident_identity_card", True)
    assert (no_card.is_read, no_card.surface) == (False, {})

    engines = load_document_engines(read_manifest(MODELS), MODELS, ThreadSettings(1, 1), warm=False)
    picture = opened(CARD)
    stage = read_front(picture, None, engines, datetime.now(UTC).date())
    assert stage.front is not None
    wanted = take_measures(picture, stage.front, stage.places)
    assert card.number == wanted.number
    assert card.portrait == wanted.portrait
    assert card.surface == pytest.approx(wanted.surface, rel=0.02, abs=0.05)


def test_what_was_measured_is_kept(folder: Path) -> None:
    assert read_sets([folder], MODELS) == read_sets([folder], MODELS)
    assert {path.name for path in folder.glob("*.json")} == {"measures.json", "readings.json"}
