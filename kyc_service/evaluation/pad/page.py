"""The figures as one HTML page: self-contained, without script, without pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kyc_service.evaluation.pad.plots import pad_det_plot, score_plot

_ENVIRONMENT: Final = Environment(
    loader=PackageLoader("kyc_service.evaluation.pad", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render_pad_page(figures: Mapping[str, Any]) -> str:
    """``figures`` (the evaluation's JSON) as a page."""
    return _ENVIRONMENT.get_template("pad.html.jinja").render(
        f=figures,
        percent=percent,
        area=area,
        det=pad_det_plot,
        spread=score_plot,
        words=lambda name: name.replace("_", " "),
    )


def percent(share: Mapping[str, Any] | None) -> Markup:
    """A share with its interval and its count.

    >>> print(percent({"count": 1, "n": 2, "rate": 0.5, "ci_low": 0.25, "ci_high": 0.75}))
    50.0 % <span class="ci">25.0 to 75.0; 1 of 2</span>
    """
    if share is None or share["rate"] is None:
        return Markup("-")
    low, middle, high = (f"{100 * share[key]:.1f}" for key in ("ci_low", "rate", "ci_high"))
    return Markup('{} % <span class="ci">{} to {}; {} of {}</span>').format(
        middle, low, high, share["count"], share["n"]
    )


def area(found: Mapping[str, Any]) -> Markup:
    """An area under the curve with its interval.

    >>> print(area({"auc": 0.9, "ci_low": 0.8, "ci_high": 1.0, "n": 3}))
    0.900 <span class="ci">0.800 to 1.000</span>
    """
    if found["auc"] is None:
        return Markup("-")
    return Markup('{:.3f} <span class="ci">{:.3f} to {:.3f}</span>').format(
        found["auc"], found["ci_low"], found["ci_high"]
    )
