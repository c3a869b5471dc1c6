"""The list of a run's reports as one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kyc_service.reports.page import ENVIRONMENT


def render_index(results: Sequence[Mapping[str, Any]]) -> str:
    """A table of results with links to their pages (same folder); see ``kyc demo`` for the keys."""
    return ENVIRONMENT.get_template("index.html.jinja").render(results=results)
