"""The page shows what the report holds, whole, escaped and without a request."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from kyc_service.domain.checks import CheckName
from kyc_service.reports.index import render_index
from kyc_service.reports.page import render_html
from kyc_service.reports.scale import scale_of

REPORT: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "decision" / "report_v1.json").read_text(encoding="utf-8")
)
JPEG = b"\xff\xd8\xff\xe0 stands for a picture"


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.found += [value or "" for name, value in attrs if name in ("href", "src", "xlink:href")]


def score(native: float, direction: str, *values: float) -> dict[str, Any]:
    thresholds = [
        {"value": v, "direction": direction, "unit": "x", "raises": f"r{i}", "operating_point": None}
        for i, v in enumerate(values)
    ]
    return {"kind": "score", "native": native, "thresholds": thresholds}


def test_every_asked_check_and_every_reason_is_on_the_page() -> None:
    page = render_html(REPORT, {"document_front": JPEG})
    for check in REPORT["checks"]:
        if check["outcome"] == "not_applicable":
            continue
        assert check["name"].rpartition(".")[2].replace("_", " ") in page
        assert all(reason["staff"] in page for reason in check["reasons"])
    assert "11010119900307002X" in page
    assert "fmr 1e-04" in page


def test_the_page_asks_nothing_of_any_network() -> None:
    links = _Links()
    links.feed(render_html(REPORT, {"document_front": JPEG}))
    assert links.found
    assert all(link.startswith("data:image/jpeg;base64,") for link in links.found)
    assert "script" not in links.tags


def test_what_was_read_off_a_card_cannot_become_markup() -> None:
    hostile = json.loads(json.dumps(REPORT).replace("11010119900307002X", "<script>alert(1)</script>"))
    assert "<script>" not in render_html(hostile, {})


def test_every_check_has_its_place_on_the_page() -> None:
    report = json.loads(json.dumps(REPORT))
    report["checks"] = [
        {"name": name.value, "outcome": "not_assessed", "is_required": True, "action": "none"}
        | {"reasons": [{"staff": f"said of {name}", "code": "x"}], "measurements": []}
        for name in CheckName
    ]
    page = render_html(report, {})
    assert [name for name in CheckName if f"said of {name}" not in page] == []


@pytest.mark.parametrize(("width", "height"), [(4000, 3000), (3000, 4000), (640, 480)])
def test_labels_are_as_large_on_every_picture_and_within_it(width: int, height: int) -> None:
    report = json.loads(json.dumps(REPORT))
    (capture,) = (c for c in report["captures"] if c["kind"] == "document_front")
    capture |= {"width": width, "height": height}
    corner = [[width - 9, 0], [width - 1, 0], [width - 1, 9], [width - 9, 9]]
    region = {"capture": "document_front", "points": corner, "label": "at_the_edge"}
    report["document"]["fields"] = [{**report["document"]["fields"][0], "region": region}]
    (x, y, anchor, size) = re.findall(
        r'<text x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)" font-size="(\d+)"',
        render_html(report, {"document_front": JPEG}),
    )[0]
    assert anchor == "end"
    assert 0 < float(x) <= width
    assert float(y) >= int(size) >= 0.019 * max(width, height)


def test_what_was_claimed_is_on_the_page_and_nothing_is_said_to_be_nothing() -> None:
    claims = REPORT["claims"] | {"device_location": {"latitude": 30.2, "longitude": 120.1, "accuracy_m": None}}
    page = render_html(REPORT | {"claims": claims}, {})
    assert REPORT["claims"]["full_name"] in page
    assert "latitude 30.2, longitude 120.1" in page
    nothing = dict.fromkeys(REPORT["claims"]) | {"source": "applicant"}
    assert "Nothing: no name" in render_html(REPORT | {"claims": nothing}, {})


def test_a_capture_without_a_thumbnail_is_left_out() -> None:
    assert "<figure" not in render_html(REPORT, {})


@pytest.mark.parametrize("direction", ["higher_is_better", "lower_is_better"])
def test_good_is_always_on_the_right(direction: str) -> None:
    good, bad = (0.9, 0.1) if direction == "higher_is_better" else (0.1, 0.9)
    assert scale_of(score(good, direction, 0.5)).marker > scale_of(score(bad, direction, 0.5)).marker
    scale = scale_of(score(bad, direction, 0.5))
    assert scale.marker < scale.ticks[0].at
    assert [zone.kind for zone in scale.zones] == ["r0", "clear"]
    assert sum(zone.width for zone in scale.zones) == pytest.approx(100, abs=0.1)


@pytest.mark.parametrize(
    ("directions", "said"),
    [
        (["higher_is_better"], "higher is better"),
        (["lower_is_better"], "lowest on the right"),
        (["higher_is_better", "lower_is_better"], "from low to high"),
    ],
)
def test_a_scale_says_which_way_it_runs(directions: list[str], said: str) -> None:
    one = score(0.5, directions[0], 0.3)
    for direction in directions[1:]:
        one["thresholds"] += score(0.5, direction, 0.8)["thresholds"]
    assert said in scale_of(one).direction
    assert "higher is better" in render_html(REPORT, {})


def test_a_score_on_its_only_threshold_still_has_a_scale() -> None:
    assert 0 < scale_of(score(0.0, "higher_is_better", 0.0)).marker < 100


def test_the_index_links_what_has_a_page_and_marks_what_went_wrong() -> None:
    row = {"id": "a", "title": "t", "verdict": "review", "expected": "decline", "reasons": ("x",), "ms": 1}
    page = render_index(
        [{**row, "page": "a.html", "is_as_expected": False}, {**row, "id": "b", "page": None, "is_as_expected": True}]
    )
    assert '<a href="a.html">' in page
    assert page.count('class="wrong"') == 1
