"""How a value that a machine reads was met in the print around it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final

_WORDS: Final = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_CODES: Final = re.compile(r"[0-9A-Z]+")
_LONGEST_RUN: Final = 6
_LOOK_ALIKES: Final = str.maketrans("OIBSZG", "018526")


class Sighting(StrEnum):
    """How a value of a zone or barcode was met in the printed text."""

    FOUND = "found"
    LOOK_ALIKE = "look_alike"
    NOT_FOUND = "not_found"
    DIFFERENT = "different"


def capitals(lines: Iterable[str]) -> tuple[str, ...]:
    """``lines`` in compatibility forms and capitals."""
    return tuple(unicodedata.normalize("NFKC", line).upper() for line in lines)


def codes_in(lines: Iterable[str]) -> frozenset[str]:
    """Every code in ``lines`` (capitals), pieces that stand beside each other joined.

    >>> sorted(codes_in(["NO L-89 2"]))
    ['2', '89', '892', 'L', 'L89', 'L892', 'NO', 'NOL', 'NOL89', 'NOL892']
    """
    return frozenset(run for line in lines for run in _runs(_CODES.findall(line), ""))


def names_in(lines: Iterable[str]) -> Iterator[str]:
    """Every run of neighbouring words in ``lines``."""
    return (run for line in lines for run in _runs(_WORDS.findall(line), " "))


def folded(code: str) -> str:
    """``code`` with letters that look like digits as those digits.

    >>> folded("BO1LZ")
    '801L2'
    """
    return code.translate(_LOOK_ALIKES)


def differences(one: str, other: str) -> int:
    """In how many characters two codes of one length differ.

    >>> differences("ABC", "ABD")
    1
    """
    return sum(a != b for a, b in zip(one, other, strict=True))


def _runs(words: list[str], joint: str) -> Iterator[str]:
    """Every run of neighbouring ``words``, joined."""
    for start in range(len(words)):
        for end in range(start + 1, min(start + _LONGEST_RUN, len(words)) + 1):
            yield joint.join(words[start:end])
