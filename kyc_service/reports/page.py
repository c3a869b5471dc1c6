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
    "liveness": "Liveness",
    "face": "Face",
    "phone": "Phone",
    "geolocation": "Place",
}


@dataclass(frozen=True, slots=True)
class Overlay:
    """A polygon on a picture, in pixels of the full-size picture."""

    points: str
    label: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Photo:
    """One capture as the page shows it."""

    kind: str
    title: str
    data_uri: str
    width: int
    height: int
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
        scale_of=scale_of_measurement,
        total_ms=report["timings_ms"].get("total", 0.0),
        short=lambda digest: digest[:12],
    )


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
        overlays=tuple(_overlays(report, kind)),
    )


def _overlays(report: Mapping[str, Any], kind: str) -> Iterator[Overlay]:
    seen: set[tuple[str, str]] = set()
    for region in _regions(report):
        if region["capture"] != kind or not region["points"]:
            continue
        points = " ".join(f"{x:.0f},{y:.0f}" for x, y in region["points"])
        if (region["label"], points) not in seen:
            seen.add((region["label"], points))
            x, y = min(region["points"], key=lambda p: p[0] + p[1])
            yield Overlay(points, region["label"].replace("_", " "), x, y)


def _regions(report: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for field in (report["document"] or {"fields": []})["fields"]:
        if field["region"]:
            yield field["region"]
    for check in report["checks"]:
        for measurement in check["measurements"]:
            yield from measurement["evidence"]["regions"]
