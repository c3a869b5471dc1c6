"""What reading documents needs, built once and handed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kyc_service.documents.authenticity.classifier import NO_CLASSIFIERS, Classifiers, load_classifiers
from kyc_service.inference.barcode import BarcodeReader, NullBarcodeReader, ZxingBarcodeReader
from kyc_service.inference.load import load_text_reader
from kyc_service.inference.manifest import Manifest
from kyc_service.inference.ocr import TextReader
from kyc_service.inference.threads import ThreadSettings

_AUTHENTICITY_FOLDER: Final = "authenticity"


@dataclass(frozen=True, slots=True)
class DocumentEngines:
    """The engines the document stage calls, and the classifiers that look for signs of forgery."""

    text: TextReader
    barcodes: BarcodeReader = field(default_factory=NullBarcodeReader)
    authenticity: Classifiers = NO_CLASSIFIERS


def load_document_engines(manifest: Manifest, root: Path, threads: ThreadSettings, *, warm: bool) -> DocumentEngines:
    """Everything, from the models under ``root``; call :func:`manifest.verify` first.

    Raises:
        ManifestInvalid: a task has no model.
        ClassifierInvalid: a classifier's file is not of the documented form.
    """
    return DocumentEngines(
        load_text_reader(manifest, root, threads, warm=warm), ZxingBarcodeReader(), authenticity_classifiers(root)
    )


def authenticity_classifiers(root: Path) -> Classifiers:
    """The classifiers among the models under ``root``.

    Raises:
        ClassifierInvalid: a file is not of the documented form.
    """
    return load_classifiers(root / _AUTHENTICITY_FOLDER)
