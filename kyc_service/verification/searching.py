"""Searching: a client's verifications by filters, or by a number or phone that only a keyed digest is kept of.

The digest is of the client, too: the same number gives two clients different digests.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from kyc_service.domain.claims import Claims
from kyc_service.domain.clients import Caller
from kyc_service.storage.database import Transaction
from kyc_service.storage.listing import Wanted
from kyc_service.storage.records import VerificationRecord
from kyc_service.verification.lockout import compact_number, compact_phone
from kyc_service.verification.phone_code_binding import claimed_number
from kyc_service.verification.service import VerificationService

Page = tuple[list[VerificationRecord], bool]


class SearchKind(StrEnum):
    """What a verification is found by beside the client's own reference."""

    ID_NUMBER = "id_number"
    PHONE_NUMBER = "phone_number"


def search_verifications(
    service: VerificationService, caller: Caller, wanted: Wanted, *, limit: int, starting_after: str | None = None
) -> Page:
    """Up to ``limit`` of the caller's verifications, newest first, and whether there are more.

    Raises:
        VerificationNotFound: ``starting_after`` names none of the caller's.
    """
    with service.database.transaction() as tx:
        found = tx.listing.newest(caller.client_id, wanted, limit=limit + 1, starting_after=starting_after)
    return found[:limit], len(found) > limit


def by_number(service: VerificationService, caller: Caller, number: str) -> Wanted:
    """Those that a document's number was claimed in, or read from."""
    return Wanted(found_by=_digest(service, caller.client_id, SearchKind.ID_NUMBER, compact_number(number)))


def by_phone(service: VerificationService, caller: Caller, phone: str) -> Wanted:
    """Those that a phone number was claimed in; in E.164, or as people of mainland China write it."""
    dialled = _dialled(service, Claims(phone_number=phone))
    return Wanted(found_by=_digest(service, caller.client_id, SearchKind.PHONE_NUMBER, dialled))


def index_for_search(
    service: VerificationService,
    tx: Transaction,
    record: VerificationRecord,
    claims: Claims,
    document_number: str | None = None,
) -> None:
    """Let ``record`` be found by what is claimed, and by the number that was read from its document.

    What was submitted stays findable; claims that were corrected before leave nothing behind.
    """
    if record.attempt == 0:
        tx.search.clear(record.id)
    numbers = {compact_number(number) for number in (claims.id_number, document_number) if number}
    said = [(SearchKind.ID_NUMBER, number) for number in sorted(numbers)]
    if claims.phone_number:
        said.append((SearchKind.PHONE_NUMBER, _dialled(service, claims)))
    for kind, text in said:
        if text:
            tx.search.put(record.id, *_digest(service, record.client_id, kind, text))


def _dialled(service: VerificationService, claims: Claims) -> str:
    """One spelling of a phone number: its digits in E.164, where the numbering plan understands it."""
    # A form of the number that the plan does not know is still one that can be typed twice.
    understood = claimed_number(service, replace(claims, id_number=None))
    return compact_phone(understood or claims.phone_number or "")


def _digest(service: VerificationService, client_id: str, kind: SearchKind, text: str) -> tuple[str, bytes]:
    return kind.value, service.master_key.digest(f"search|{kind.value}|{client_id}|{text}".encode())
