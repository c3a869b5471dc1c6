"""Characters: Chinese text in one spelling, simplified as on the mainland (OpenCC, ``t2s``)."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib import metadata
from threading import Lock
from typing import Final

from opencc import OpenCC

from kyc_service.domain.facts import FactSource

SOURCE: Final = FactSource("OpenCC traditional to simplified", metadata.version("opencc"))

_HAN: Final = re.compile(
    "[〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002ebef\U0002f800-\U0002fa1f\U00030000-\U000323af]"
)
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_LOCK: Final = Lock()


def has_han(text: str) -> bool:
    """Whether ``text`` has a Chinese character.

    >>> has_han("张三"), has_han("ZHANG SAN"), has_han("𡋤")
    (True, False, True)
    """
    return _HAN.search(text) is not None


def is_han(character: str) -> bool:
    """Whether one character is Chinese."""
    return _HAN.fullmatch(character) is not None


def normalise(text: str) -> str:
    r"""NFKC, spaces collapsed, what cannot be written dropped.

    >>> normalise("  ＺＨＡＮＧ\u3000 San ")
    'ZHANG San'
    """
    return " ".join(_SURROGATES.sub("", unicodedata.normalize("NFKC", text).replace("\x00", "")).split())


def simplify(text: str) -> str:
    """Traditional characters as simplified ones; everything else unchanged.

    >>> simplify("歐陽鋒"), simplify("臺北市")
    ('欧阳锋', '台北市')
    """
    with _LOCK:  # its documentation promises nothing of threads
        return str(_converter().convert(text))


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")
