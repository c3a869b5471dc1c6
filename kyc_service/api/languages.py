"""Accept-Language: which of the catalogue's languages the applicant reads (RFC 9110, section 12.5.4)."""

from __future__ import annotations

import re
from typing import Annotated, Final

from fastapi import Depends, Header

from kyc_service.verification.applicant_result import Language

_RANGE: Final = re.compile(
    r"\s*([A-Za-z]{1,8}|\*)(?:-[A-Za-z0-9-]+)?\s*(?:;\s*q\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?\s*"
)

Sent = Annotated[
    str | None,
    Header(alias="Accept-Language", max_length=1000, description="`zh` for Chinese; English otherwise."),
]


def preferred(header: str | None) -> Language:
    """The language that is wanted most; English where none of ours is.

    >>> preferred("zh-CN,zh;q=0.9,en;q=0.8").value, preferred("de, zh;q=0.1, en;q=0.5").value, preferred(None).value
    ('zh', 'en', 'en')
    """
    wanted = {Language.ENGLISH: 0.0, Language.CHINESE: 0.0}
    for part in (header or "").split(","):
        said = _RANGE.fullmatch(part)
        if said and said[1].lower() in set(Language):
            language = Language(said[1].lower())
            wanted[language] = max(wanted[language], float(said[2] or 1))
    return Language.CHINESE if wanted[Language.CHINESE] > wanted[Language.ENGLISH] else Language.ENGLISH


def _read(header: Sent = None) -> Language:
    return preferred(header)


ReadBy = Annotated[Language, Depends(_read)]
