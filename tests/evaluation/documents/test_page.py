from __future__ import annotations

import re
from pathlib import Path

import cv2
import numpy as np
import pytest

from kyc_service.evaluation.documents.evaluation import Run, evaluation_to_json
from kyc_service.evaluation.documents.manifest import PictureList
from kyc_service.evaluation.documents.page import render_page
from kyc_service.evaluation.documents.seen import PictureSeen, ScoreSeen, State
from kyc_service.evaluation.documents.worst import worst_cases
from tests.evaluation.documents.builders import labelled, policy, read, seen

CHECK = "document.visual_authenticity.original_document_present"
TRUTH = {"full_name": "<b>陆青禾</b>", "id_number": "330106198503129989"}


@pytest.fixture
def pictures(tmp_path: Path) -> list[PictureSeen]:
    path = tmp_path / "secret place.png"
    cv2.imwrite(str(path), np.full((60, 90, 3), 200, np.uint8))
    fields = {"full_name": read("<b>陆青</b>"), "id_number": read("330106198503129980", ends_clear=True)}
    common = {"timings_ms": {"total": 900.0, "read": 700.0}, "scores": (ScoreSeen(CHECK, "moire", 0.7),)}
    return [
        seen(labelled(2, TRUTH, path=path), fields, **common),
        seen(labelled(3, TRUTH, path=path), state=State.SENT_BACK, retakes=("document_blurred",), **common),
        seen(labelled(4, TRUTH, path=path, attack="screen_phone"), scores=(ScoreSeen(CHECK, "moire", 0.2),)),
        seen(labelled(5, {}, path=path, fault="glare"), state=State.SENT_BACK, retakes=("document_glare",)),
        seen(labelled(6, path=path), state=State.CRASHED),
        seen(labelled(7, TRUTH, path=path), family=None),
        seen(labelled(8, TRUTH, path=path), {"id_number": read(TRUTH["id_number"])}),
    ]


def run(pictures: list[PictureSeen]) -> Run:
    listed = PictureList(tuple(p.picture for p in pictures), "ab" * 32, {"family": "any"})
    return Run("Cards & more", listed, policy(), {"reader": "cd" * 32}, "2026-11-23", 1)


def test_the_page_stands_alone_and_shows_the_gravest_case_first(pictures: list[PictureSeen]) -> None:
    figures = evaluation_to_json(run(pictures), pictures, is_public=False)
    worst = worst_cases(pictures)
    assert [w.grade for w in worst] == ["wrong but clear", "not read", "not recognised", "sent back"]
    page = render_page(figures, worst)
    assert "Cards &amp; more" in page
    assert "holds personal data" in page
    assert page.count("data:image/jpeg;base64,") == 4
    assert "&lt;b&gt;陆青禾&lt;/b&gt;" in page
    assert "DET curve of moire" in page
    assert not re.findall(r"<script|https?://|src=|url\(", page)


def test_what_is_published_has_no_picture_no_value_and_no_path(pictures: list[PictureSeen]) -> None:
    figures = evaluation_to_json(run(pictures), pictures, is_public=True)
    page = render_page(figures, [])
    for said in (page, str(figures)):
        assert not any(secret in said for secret in ("陆青", "33010619", "secret place", "data:image"))
    assert "holds personal data" not in page
    assert figures["wrong_cases"][0]["is_clear"]


def test_an_empty_evaluation_renders_too() -> None:
    alone = [seen(labelled(2), state=State.CRASHED)]
    assert "Refused and crashed" in render_page(evaluation_to_json(run(alone), alone, is_public=False), [])
