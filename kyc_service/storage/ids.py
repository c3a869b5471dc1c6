"""Ids: random, never derived from personal data, with a prefix that says what they name."""

from __future__ import annotations

import re
import secrets
from typing import Final

_VERIFICATION_ID: Final = re.compile(r"ver_[0-9a-f]{32}")


def new_id(prefix: str) -> str:
    """A fresh 128-bit id such as ``ver_5f0c...``."""
    return f"{prefix}_{secrets.token_hex(16)}"


def is_verification_id(text: str) -> bool:
    r"""Whether ``text`` has the form of a verification's id.

    >>> is_verification_id("ver_" + "0" * 32), is_verification_id("ver_"), is_verification_id("x\x00")
    (True, False, False)
    """
    return _VERIFICATION_ID.fullmatch(text) is not None
