"""Versions: two writers who read the same verification cannot overwrite each other."""

from __future__ import annotations

from kyc_service.errors import Conflict
from kyc_service.storage.records import VerificationRecord

IfMatch = frozenset[int]
"""The versions a change was made for."""


class VersionMismatch(Conflict):
    """The verification was changed since it was read; read it again."""

    code = "version_mismatch"


def version_guard(record: VerificationRecord, if_match: IfMatch | None) -> None:
    """Refuse a change that was made for another version of ``record``, which must be locked.

    Without ``if_match`` the change is meant for whichever version there is.

    Raises:
        VersionMismatch: somebody else was first.
    """
    if if_match is not None and record.version not in if_match:
        raise VersionMismatch
