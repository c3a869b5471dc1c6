"""What reading documents needs, built once and handed in."""

from __future__ import annotations

from dataclasses import dataclass, field

from kyc_service.inference.barcode import BarcodeReader, NullBarcodeReader
from kyc_service.inference.ocr import TextReader


@dataclass(frozen=True, slots=True)
class DocumentEngines:
    """The engines the document stage calls."""

    text: TextReader
    barcodes: BarcodeReader = field(default_factory=NullBarcodeReader)
