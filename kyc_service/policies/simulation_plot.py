"""A simulation as one HTML page: verdicts flowing from the old policy to the new one, and the reasons that moved them.

Self-contained: no script, no request.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from kyc_service.domain.outcome import Verdict
from kyc_service.domain.reasons import CATALOGUE, Reason

_ENVIRONMENT: Final = Environment(
    loader=PackageLoader("kyc_service.policies", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_COLOURS: Final = {
    Verdict.APPROVE: "#1a7f4b",
    Verdict.RETAKE: "#2563a8",
    Verdict.REVIEW: "#a86a00",
    Verdict.DECLINE: "#b3261e",
}
_HEIGHT: Final = 340.0
_GAP: Final = 14.0
_LEFT: Final = 150.0
_RIGHT: Final = 710.0
_BAR: Final = 18.0
_MOST_NAMED: Final = 500
_MOST_REASONS: Final = 25


@dataclass(frozen=True, slots=True)
class Bar:
    """All reports of one verdict on one side, from ``y`` on, ``height`` high."""

    verdict: str
    colour: str
    count: int
    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Flow:
    """The reports that went from one verdict to another; ``path`` is an SVG path."""

    old: str
    new: str
    colour: str
    count: int
    path: str
    is_change: bool


@dataclass(frozen=True, slots=True)
class ReasonBar:
    """How often a reason came and went, as counts and as shares of the longest bar."""

    code: str
    sentence: str
    appeared: int
    vanished: int
    appeared_share: float
    vanished_share: float


def render_simulation(figures: Mapping[str, Any]) -> str:
    """``figures`` (the simulation's JSON) as a page; it names the first 500 reports that would be decided otherwise."""
    matrix = figures["matrix"]
    bars = [*_bars(matrix, "old"), *_bars(matrix, "new")]
    return _ENVIRONMENT.get_template("simulation.html.jinja").render(
        f=figures,
        verdicts=[verdict.value for verdict in Verdict],
        colours={verdict.value: colour for verdict, colour in _COLOURS.items()},
        bars=[bar for bar in bars if bar.count],
        flows=list(_flows(matrix)),
        height=_HEIGHT + 3 * _GAP,
        middle=(_LEFT + _RIGHT) / 2,
        reasons=_reasons(figures)[:_MOST_REASONS],
        more_reasons=max(0, len(_reasons(figures)) - _MOST_REASONS),
        named=figures["otherwise"][:_MOST_NAMED],
        unnamed=max(0, len(figures["otherwise"]) - _MOST_NAMED),
        share=_share,
    )


def _share(count: int, total: int) -> str:
    """A share in percent.

    >>> _share(1, 3), _share(0, 0)
    ('33.3 %', '-')
    """
    return f"{100 * count / total:.1f} %" if total else "-"


def _total(matrix: Mapping[str, Mapping[str, int]], side: str, verdict: Verdict) -> int:
    if side == "old":
        return sum(matrix[verdict.value].values())
    return sum(row[verdict.value] for row in matrix.values())


def _scale(matrix: Mapping[str, Mapping[str, int]]) -> float:
    return _HEIGHT / max(1, sum(sum(row.values()) for row in matrix.values()))


def _bars(matrix: Mapping[str, Mapping[str, int]], side: str) -> Iterator[Bar]:
    y, scale = 0.0, _scale(matrix)
    for verdict in Verdict:
        count = _total(matrix, side, verdict)
        x = _LEFT if side == "old" else _RIGHT - _BAR
        yield Bar(verdict.value, _COLOURS[verdict], count, x, y, count * scale)
        y += count * scale + (_GAP if count else 0)


def _flows(matrix: Mapping[str, Mapping[str, int]]) -> Iterator[Flow]:
    """Ribbons that leave and arrive in the order of the verdicts, so that they cross as little as possible."""
    scale = _scale(matrix)
    leaving = {bar.verdict: bar.y for bar in _bars(matrix, "old")}
    arriving = {bar.verdict: bar.y for bar in _bars(matrix, "new")}
    for old in Verdict:
        for new in Verdict:
            count = matrix[old.value][new.value]
            if count:
                height = count * scale
                path = _ribbon(leaving[old.value], arriving[new.value], height)
                yield Flow(old.value, new.value, _COLOURS[new], count, path, old is not new)
                leaving[old.value] += height
                arriving[new.value] += height


def _ribbon(y1: float, y2: float, height: float) -> str:
    """A band from the left bar to the right one.

    >>> _ribbon(0, 10, 5)
    'M168 0 C430 0 430 10 692 10 L692 15 C430 15 430 5 168 5 Z'
    """
    left, right, bend = _LEFT + _BAR, _RIGHT - _BAR, (_LEFT + _RIGHT) / 2
    numbers = (left, y1, bend, y1, bend, y2, right, y2, right, y2 + height, bend, y2 + height)
    a, b, c, d, e, f, g, h, i, j, k, m = (f"{n:.2f}".rstrip("0").rstrip(".") for n in numbers)
    bottom, start = (f"{n:.2f}".rstrip("0").rstrip(".") for n in (y1 + height, left))
    return f"M{a} {b} C{c} {d} {e} {f} {g} {h} L{i} {j} C{k} {m} {c} {bottom} {start} {bottom} Z"


def _reasons(figures: Mapping[str, Any]) -> list[ReasonBar]:
    appeared, vanished = figures["appeared"], figures["vanished"]
    longest = max((*appeared.values(), *vanished.values()), default=1)
    counts = {code: (appeared.get(code, 0), vanished.get(code, 0)) for code in {**appeared, **vanished}}
    ordered = sorted(counts.items(), key=lambda item: (-sum(item[1]), item[0]))
    return [
        ReasonBar(code, CATALOGUE[Reason(code)].staff, came, went, came / longest, went / longest)
        for code, (came, went) in ordered
    ]
