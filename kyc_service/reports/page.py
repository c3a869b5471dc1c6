"""A report as one HTML page: pictures with what was read on them, checks, scores on scales, reasons in words.

The page is self-contained (no script, no request) and made from the report's JSON, so
that an old report renders as it was.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from kyc_service.reports.scale import Scale, scale_of

ENVIRONMENT: Final = Environment(
    loader=PackageLoader("kyc_service.reports", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

_VERDICTS: Final = {
    "approve": "Approve",
    "retake": "Retake: ask for better pictures",
    "review": "Review: a person decides",
    "decline": "Decline",
}
_BRANCHES: Final = {
    "document.image_integrity": "Document: the picture",
    "document.data_validation": "Document: its data",
    "document.data_consistency": "Document against itself",
    "document.data_comparison": "Document against the claims",
    "document.visual_authenticity": "Document: whether it is an original",
    "liveness": "Liveness",
    "face": "Face",
    "phone": "Phone",
    "geolocation": "Place",
    "velocity": "Seen earlier",
    "authority": "Outside registers",
    "policy": "Across checks",
}
_ABOUT_CLAIMS: Final = frozenset({"source", "received_at"})


_LABEL_SHARE: Final = 0.02
"""Height of a label by the picture's long side: 13 px and more where the page shows that side with 640."""
_TO_THE_LEFT_FROM: Final = 0.7


@dataclass(frozen=True, slots=True)
class Overlay:
    """A polygon on a picture, in pixels of the full-size picture; ``anchor`` keeps the label within the picture."""

    points: str
    label: str
    x: float
    y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Photo:
    """One capture as the page shows it."""

    kind: str
    title: str
    data_uri: str
    width: int
    height: int
    label_px: int
    overlays: tuple[Overlay, ...]


def render_html(report: Mapping[str, Any], thumbnails: Mapping[str, bytes]) -> str:
    """``report`` (its JSON form) as a page; ``thumbnails`` are JPEG bytes by capture kind, upright.

    Captures without a thumbnail (redacted, or not a picture) are left out.
    """
    return ENVIRONMENT.get_template("report.html.jinja").render(
        report=report,
        verdict=_VERDICTS[report["verdict"]],
        photos=[_photo(report, capture, thumbnails) for capture in report["captures"] if capture["kind"] in thumbnails],
        branches=list(_branches(report["checks"])),
        claims=claims_of(report),
        scale_of=scale_of_measurement,
        total_ms=report["timings_ms"].get("total", 0.0),
        short=lambda digest: digest[:12],
    )


def claims_of(report: Mapping[str, Any]) -> dict[str, str]:
    """What was claimed, by the name of the claim, for reading; empty where nothing was."""
    return {
        name.replace("_", " "): ", ".join(f"{part} {said}" for part, said in value.items() if said is not None)
        if isinstance(value, Mapping)
        else str(value)
        for name, value in report["claims"].items()
        if value not in (None, {}) and name not in _ABOUT_CLAIMS
    }


def scale_of_measurement(measurement: Mapping[str, Any]) -> Scale | None:
    """The drawn scale of a score with thresholds; ``None`` for everything else."""
    if measurement["kind"] != "score" or not measurement["thresholds"]:
        return None
    return scale_of(measurement)


def _branches(checks: list[dict[str, Any]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for branch, title in _BRANCHES.items():
        mine = [c for c in checks if c["name"].rpartition(".")[0] == branch and c["outcome"] != "not_applicable"]
        if mine:
            yield title, mine


def _photo(report: Mapping[str, Any], capture: Mapping[str, Any], thumbnails: Mapping[str, bytes]) -> Photo:
    kind = capture["kind"]
    return Photo(
        kind=kind,
        title=kind.replace("_", " ").capitalize(),
        data_uri="data:image/jpeg;base64," + base64.b64encode(thumbnails[kind]).decode(),
        width=capture["width"],
        height=capture["height"],
        label_px=_label_px(capture),
        overlays=tuple(_overlays(report, capture)),
    )


def _label_px(capture: Mapping[str, Any]) -> int:
    long_side: int = max(capture["width"], capture["height"])
    return max(1, round(long_side * _LABEL_SHARE))


def _overlays(report: Mapping[str, Any], capture: Mapping[str, Any]) -> Iterator[Overlay]:
    seen: set[tuple[str, str]] = set()
    for region in _regions(report):
        if region["capture"] != capture["kind"] or not region["points"]:
            continue
        points = " ".join(f"{x:.0f},{y:.0f}" for x, y in region["points"])
        if (region["label"], points) not in seen:
            seen.add((region["label"], points))
            yield _overlay(points, region, capture)


def _overlay(points: str, region: Mapping[str, Any], capture: Mapping[str, Any]) -> Overlay:
    x, y = min(region["points"], key=lambda p: p[0] + p[1])
    label_px = _label_px(capture)
    above = max(y - 0.3 * label_px, label_px)
    anchor = "end" if x > _TO_THE_LEFT_FROM * capture["width"] else "start"
    if anchor == "end":
        x = max(px for px, _ in region["points"])
    return Overlay(points, region["label"].replace("_", " "), min(max(x, 0), capture["width"]), above, anchor)


def _regions(report: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for field in (report["document"] or {"fields": []})["fields"]:
        if field["region"]:
            yield field["region"]
    for check in report["checks"]:
        for measurement in check["measurements"]:
            yield from measurement["evidence"]["regions"]
