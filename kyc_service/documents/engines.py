"""What reading documents needs, built once and handed in."""

from __future__ import annotations

from dataclasses import dataclass

from kyc_service.inference.ocr import TextReader


@dataclass(frozen=True, slots=True)
class DocumentEngines:
    """The engines the document stage calls."""

    text: TextReader
