"""Drawing with SVG elements: numbers in, escaped markup out. No script, no reference to anything outside."""

from __future__ import annotations

from statistics import NormalDist
from typing import Final

from markupsafe import Markup

GRID: Final = "#dde3ea"
INK: Final = "#1c2430"
SOFT: Final = "#5b6675"


def element(name: str, content: str = "", /, **attributes: object) -> Markup:
    """One element; ``_`` in an attribute's name stands for ``-``.

    >>> element("line", x1=0, stroke_width=2.5)
    Markup('<line x1="0" stroke-width="2.5"></line>')
    """
    named = ((key.rstrip("_").replace("_", "-"), _number(value)) for key, value in attributes.items())
    written = Markup().join(Markup(' {}="{}"').format(key, value) for key, value in named)
    return Markup("<{0}{1}>{2}</{0}>").format(name, written, content)


def text(x: float, y: float, content: str, *, anchor: str = "start", size: float = 12, fill: str = SOFT) -> Markup:
    """A line of text; ``anchor`` is start, middle or end."""
    return element("text", content, x=x, y=y, text_anchor=anchor, font_size=size, fill=fill)


def line(x1: float, y1: float, x2: float, y2: float, *, stroke: str = GRID, width: float = 1) -> Markup:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, stroke_width=width)


def figure(width: float, height: float, parts: list[Markup], title: str) -> Markup:
    """All ``parts`` as one picture that scales with the page; ``title`` is what a screen reader says."""
    inside = Markup().join(parts)
    return element("svg", inside, viewBox=f"0 0 {width:g} {height:g}", role="img", aria_label=title, class_="plot")


def probit(share: float, lowest: float = 1e-3) -> float:
    """The normal deviate of ``share``, which is kept off 0 and 1 by ``lowest``.

    >>> round(probit(0.5), 3), round(probit(0.0), 2)
    (0.0, -3.09)
    """
    return NormalDist().inv_cdf(min(1 - lowest, max(lowest, share)))


def _number(value: object) -> object:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value
