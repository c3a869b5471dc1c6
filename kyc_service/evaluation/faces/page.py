"""The figures as one HTML page: self-contained, without script, made from the JSON alone."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import shorten
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kyc_service.evaluation.det import DetAxis, DetCurve, det_plot

_ENVIRONMENT: Final = Environment(
    loader=PackageLoader("kyc_service.evaluation.faces", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_LEGEND: Final = 40
"""Characters of a title that stand beside the plot."""
_FMR: Final = DetAxis("strangers accepted (fmr), %", (1e-5, 0.5))
_FNMR: Final = DetAxis("same person refused (fnmr), %", (1e-3, 0.5))


def render_page(figures: Mapping[str, Any]) -> str:
    """``figures`` (the evaluation's JSON) as a page."""
    return _ENVIRONMENT.get_template("faces.html.jinja").render(
        f=figures, plot=det_of(figures), rate=rate, percent=percent, ratio=ratio
    )


def det_of(figures: Mapping[str, Any]) -> Markup:
    """The DET curves of all pairs and of each group."""
    curves = [DetCurve(f"all ({figures['comparisons']['mated']} mated pairs)", figures["det"])]
    curves += [DetCurve(shorten(group["title"], _LEGEND), group["det"]) for group in figures["groups"]]
    return det_plot(curves, _FMR, _FNMR, "DET curves of face comparison")


def rate(measured: Mapping[str, Any]) -> Markup:
    """A small rate with its interval, as powers of ten.

    >>> print(rate({"rate": 1e-4, "ci_low": 0.0, "ci_high": 0.00025}))
    1.0e-04 <span class="ci">0.0e+00 to 2.5e-04</span>
    """
    low, middle, high = (f"{measured[key]:.1e}" for key in ("ci_low", "rate", "ci_high"))
    return Markup('{} <span class="ci">{} to {}</span>').format(middle, low, high)


def percent(measured: Mapping[str, Any]) -> Markup:
    """A share with its interval.

    >>> print(percent({"rate": 0.02, "ci_low": 0.01, "ci_high": 0.05}))
    2.00 % <span class="ci">1.00 to 5.00</span>
    """
    low, middle, high = (f"{100 * measured[key]:.2f}" for key in ("ci_low", "rate", "ci_high"))
    return Markup('{} % <span class="ci">{} to {}</span>').format(middle, low, high)


def ratio(point: Mapping[str, Any]) -> Markup:
    """A group's fmr over the overall one, with its interval.

    >>> print(ratio({"fmr_ratio": {"ratio": 1.5, "ci_low": 0.8, "ci_high": 2.5}}), ratio({}))
    1.5 <span class="ci">0.8 to 2.5</span> -
    """
    if "fmr_ratio" not in point:
        return Markup("-")
    low, middle, high = (f"{point['fmr_ratio'][key]:.1f}" for key in ("ci_low", "ratio", "ci_high"))
    return Markup('{} <span class="ci">{} to {}</span>').format(middle, low, high)
