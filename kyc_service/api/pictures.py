"""How the OpenAPI document describes pictures that are uploaded."""

from __future__ import annotations

from typing import Any, Final

MEDIA_TYPES: Final = ("image/jpeg", "image/png", "image/webp", "image/heic")


def picture_schema(what: str) -> dict[str, Any]:
    """The schema of one picture; ``what`` says what it shows."""
    said = "JPEG, PNG, WebP or HEIC, up to 15 MB (KYC_MAX_CAPTURE_BYTES); its EXIF orientation is honoured"
    return {"type": "string", "format": "binary", "description": f"{what}. {said}."}
