"""ETag and If-Match: each answer says which version it shows, each change may say which one it was made for.

RFC 9110, sections 8.8.3 and 13.1.1. A tag is the version in quotes.
"""

from __future__ import annotations

import json
import re
from typing import Annotated, Final

from fastapi import Depends, Header, Response

from kyc_service.verification.versions import IfMatch

_TAG: Final = re.compile(r'(W/)?"([^"]*)"')
_VERSION: Final = re.compile(r"[1-9][0-9]{0,8}")

Sent = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=255,
        description="The `ETag` you read: where somebody else changed it since, nothing is done, and you are told.",
        examples=['"3"'],
    ),
]


def read_if_match(header: str | None) -> IfMatch | None:
    """The versions that a header ``If-Match`` names; ``None`` where any will do.

    >>> read_if_match('"3"'), read_if_match('"3", "4"') == frozenset({3, 4}), read_if_match("*"), read_if_match(None)
    (frozenset({3}), True, None, None)

    A weak tag matches nothing, nor does what never was a tag of ours.

    >>> read_if_match('W/"3"'), read_if_match("3")
    (frozenset(), frozenset())
    """
    if header is None or header.strip() == "*":
        return None
    tags = _TAG.findall(header)
    return frozenset(int(tag) for weak, tag in tags if not weak and _VERSION.fullmatch(tag))


def _sent(header: Sent = None) -> IfMatch | None:
    return read_if_match(header)


Precondition = Annotated[IfMatch | None, Depends(_sent)]


def tagged(answer: Response) -> Response:
    """``answer``, whose body is a JSON object with its ``version``, with the ``ETag`` that says it."""
    answer.headers["ETag"] = etag_of(json.loads(bytes(answer.body))["version"])
    return answer


def etag_of(version: int) -> str:
    """The tag of a version.

    >>> etag_of(3)
    '"3"'
    """
    return f'"{version}"'
