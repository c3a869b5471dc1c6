"""The figures as one HTML page: self-contained, without script, made from the JSON alone plus the worst cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kyc_service.evaluation.documents import plots
from kyc_service.evaluation.documents.worst import WorstCase

_ENVIRONMENT: Final = Environment(
    loader=PackageLoader("kyc_service.evaluation.documents", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render_page(figures: Mapping[str, Any], worst: Sequence[WorstCase]) -> str:
    """``figures`` (the evaluation's JSON) as a page; ``worst`` are shown as pictures, with what stands on them."""
    whole = [entry for entry in figures["fields"] if not _group(entry)]
    return _ENVIRONMENT.get_template("evaluation.html.jinja").render(
        f=figures,
        worst=worst,
        fields=whole,
        finest=[entry for entry in figures["fields"] if entry["side"]],
        everything=next((side for side in figures["sides"] if not _group(side)), None),
        dangers=[entry for entry in figures["wrong"] if entry["population"] != "attack"],
        altered=[entry for entry in figures["wrong"] if entry["population"] == "attack"],
        plots=plots,
        percent=percent,
        words=lambda name: name.replace("_", " "),
        group=lambda entry: " ".join(_group(entry)).replace("_", " ") or "all",
        columns=list(dict.fromkeys(reason for fault in figures["faults"] for reason in fault["reasons"])),
    )


def percent(share: Mapping[str, Any] | None) -> Markup:
    """A share with its interval.

    >>> print(percent({"rate": 0.5, "ci_low": 0.25, "ci_high": 0.75}))
    50.0 % <span class="ci">25.0 to 75.0</span>
    """
    if share is None or share["rate"] is None:
        return Markup("-")
    low, middle, high = (f"{100 * share[key]:.1f}" for key in ("ci_low", "rate", "ci_high"))
    return Markup('{} % <span class="ci">{} to {}</span>').format(middle, low, high)


def _group(entry: Mapping[str, Any]) -> list[str]:
    return [entry[part] for part in ("family", "severity", "side") if entry[part]]
