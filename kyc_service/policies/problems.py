"""What is wrong with a policy, each with its place in the file and what would be right."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from kyc_service.errors import InvalidInput

Path = tuple[str | int, ...]

_FEW: Final = 12
"""So many allowed words still help in a message; of more, only the nearest are named."""


@dataclass(frozen=True, slots=True)
class PolicyProblem:
    """One thing that is wrong. ``line`` and ``column`` count from 1; ``path`` reads like ``tiers[0].always[2]``.

    ``allowed`` lists every word that would be right there, where they can be listed.
    """

    line: int
    column: int
    path: str
    message: str
    allowed: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Place, path and message in one line."""
        where = f" ({self.path})" if self.path else ""
        return f"line {self.line}, column {self.column}{where}: {self.message}"


class PolicyInvalid(InvalidInput):
    """The policy cannot be used."""

    code = "policy_invalid"

    def __init__(self, message: str | None = None, problems: Iterable[PolicyProblem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)

    @classmethod
    def because_of(cls, name: str, problems: Iterable[PolicyProblem]) -> PolicyInvalid:
        """The refusal of the file called ``name``: every problem, in the order of their lines."""
        ordered = tuple(sorted(problems, key=lambda p: (p.line, p.column, p.path)))
        told = "\n".join(f"{name}, {problem}" for problem in ordered)
        return cls(f"policy {name} cannot be used:\n{told}", ordered)


def written(path: Path) -> str:
    """``path`` as people read it.

    >>> written(("tiers", 0, "by_document", "passport"))
    'tiers[0].by_document.passport'
    """
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def unknown_word(word: object, allowed: Iterable[str]) -> str:
    """The sentence on a word that is not among ``allowed``: the nearest, or all where they are few.

    >>> unknown_word("face_mismtach", ["face_mismatch", *"abcdefghijklm"])
    "'face_mismtach' is not known here; did you mean face_mismatch?"
    >>> unknown_word("perhaps", ["none", "review", "decline"])
    "'perhaps' is not known here; allowed: none, review, decline"
    """
    words = list(allowed)
    near = difflib.get_close_matches(str(word), words, n=3)
    if near:
        return f"{word!r} is not known here; did you mean {' or '.join(near)}?"
    return f"{word!r} is not known here" + (f"; allowed: {', '.join(words)}" if len(words) <= _FEW else "")
