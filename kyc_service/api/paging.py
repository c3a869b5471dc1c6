"""What the reading endpoints of a client share: ids, pages, and who is turned away."""

from __future__ import annotations

import re
from typing import Annotated, Final

from fastapi import Path, Query

from kyc_service.access.keys import AuthenticationRequired
from kyc_service.api.caller import ApplicantNotAllowed
from kyc_service.errors import KycError, NotFound

_ID: Final = re.compile(r"[a-z]{2,8}_[0-9a-f]{32}")

KEY_ONLY: Final[tuple[type[KycError], ...]] = (AuthenticationRequired, ApplicantNotAllowed)
"""What any endpoint may answer that takes a client's key and nothing else."""

Limit = Annotated[int, Query(ge=1, le=100, description="How many at most.")]
After = Annotated[str | None, Query(description="The id of the last one of the page before.")]
IdInPath = Annotated[str, Path(min_length=1, max_length=64)]


def known_id(text: str, prefix: str, otherwise: type[NotFound]) -> str:
    """Refuse what cannot be an id of this kind before it reaches the database.

    >>> known_id("per_" + "0" * 32, "per", NotFound)
    'per_00000000000000000000000000000000'

    Raises:
        NotFound: of the class ``otherwise``.
    """
    if not (_ID.fullmatch(text) and text.startswith(f"{prefix}_")):
        raise otherwise
    return text


def after_id(text: str | None, prefix: str, otherwise: type[NotFound]) -> str | None:
    """As :func:`known_id`, where a page may start at the beginning."""
    return None if text is None else known_id(text, prefix, otherwise)
