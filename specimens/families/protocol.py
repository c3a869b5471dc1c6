"""What a document family is to the generator: it invents a document and draws its sides flat."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from specimens.attack_protocol import Split
from specimens.flat import FlatDocument

FRONT = "front"
BACK = "back"
NO_ATTACK = "none"

TRUTH_COLUMNS = (
    "full_name", "sex", "ethnicity", "date_of_birth", "address", "id_number", "authority", "valid_from", "valid_until",
    "document_number", "issuing_country", "nationality", "mrz", "barcode",
)  # fmt: skip
"""The manifest's columns of true fields; dates ISO, sex M, F or X, lines of an MRZ joined with `|`."""


@dataclass(frozen=True, slots=True)
class DrawnSide:
    """One side, flat, and what is printed on it: manifest columns to text, without the empty ones."""

    flat: FlatDocument
    truth: Mapping[str, str]


class Issued(Protocol):
    """One invented document: everything random about it is decided, so that every drawing of a side is the same."""

    def draw(self, side: str) -> DrawnSide:
        """The side, drawn flat at about 16 to 20 px/mm (ID-1) with boxes, and its true fields."""


class Family(Protocol):
    """A kind of document."""

    @property
    def name(self) -> str:
        """The manifest's `family`."""

    @property
    def sides(self) -> tuple[str, ...]:
        """The sides that carry something to read, `front` first."""

    @property
    def own_attacks(self) -> tuple[str, ...]:
        """Attacks made in the data before printing (`mrz_check_digit`); `issue` takes their names."""

    def issue(self, rng: np.random.Generator, split: Split, attack: str = NO_ATTACK) -> Issued:
        """Invent a document and its holder with the split's fonts, tints and line work."""
