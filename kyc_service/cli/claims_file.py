"""The claims file: read, and its mistakes told by file, key and line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kyc_service.cli.paths import FileUnusable, read

if TYPE_CHECKING:
    from pydantic import BaseModel

    from kyc_service.domain.claims import Claims
    from kyc_service.verification.claims_document import ClaimsInvalid


def read_claims(path: Path) -> Claims:
    """The claims that a file of the applicant's holds.

    Raises:
        FileUnusable: it cannot be read, or is no claims document; says where, and never what stands there.
    """
    from kyc_service.verification.claims_document import ClaimsInvalid, claims_from_json

    try:
        return claims_from_json(read(path))
    except ClaimsInvalid as refusal:
        raise FileUnusable(_told(path, refusal)) from refusal


def _told(path: Path, refusal: ClaimsInvalid) -> str:
    lines = [f"{path}: {refusal.message}"]
    for mistake in refusal.problems:
        detail = mistake["detail"]
        if mistake["code"] == "extra_forbidden":
            detail = f"{detail} Known are: {', '.join(_known_keys(mistake['at']))}."
        lines.append(f"  {mistake['at']}: {detail}" if mistake["at"] else f"  {detail}")
    return "\n".join(lines)


def _known_keys(at: str) -> tuple[str, ...]:
    from kyc_service.verification.claims_document import (
        ClaimsDocument,
        DeviceDocument,
        DeviceLocationDocument,
        SourcesDocument,
    )

    forms: dict[str, type[BaseModel]] = {
        "device": DeviceDocument,
        "device_location": DeviceLocationDocument,
        "sources": SourcesDocument,
    }
    return tuple(forms.get(at, ClaimsDocument).model_fields)
