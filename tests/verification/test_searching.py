"""Searching: keyed digests, one client's own, of what was claimed and of what was read."""

from __future__ import annotations

import pytest
import sqlalchemy

from kyc_service.domain.claims import Claims
from kyc_service.domain.clients import Caller, ClientMode
from kyc_service.storage.tables import DataKeyRow, SearchDigestRow
from kyc_service.verification.searching import by_number, by_phone, index_for_search, search_verifications
from kyc_service.verification.service import VerificationService
from tests.conftest import CALLER, OTHER_CLIENT
from tests.verification.opened import opened

pytestmark = pytest.mark.integration

NUMBER = "11010519491231002X"
CLAIMS = Claims(id_number=NUMBER, phone_number="13912345678")
OTHERS = Caller(OTHER_CLIENT, ClientMode.LIVE, "key:other")


def found(service: VerificationService, number: str, caller: Caller = CALLER) -> list[str]:
    records, _ = search_verifications(service, caller, by_number(service, caller, number), limit=20)
    return [record.id for record in records]


def test_what_was_read_is_found_beside_what_was_claimed(service: VerificationService) -> None:
    made = opened(service, claims=CLAIMS)
    for _ in range(2):
        with service.database.transaction() as tx:
            index_for_search(service, tx, tx.verifications.get(made), CLAIMS, "G1234 5678")
    assert found(service, NUMBER) == found(service, "g12345678") == [made]
    records, _ = search_verifications(service, CALLER, by_phone(service, CALLER, "+86 139 1234 5678"), limit=20)
    assert [record.id for record in records] == [made]


def test_nothing_that_is_kept_tells_the_number_or_that_two_clients_share_it(service: VerificationService) -> None:
    mine, theirs = opened(service, claims=CLAIMS), opened(service, OTHERS, claims=CLAIMS)
    assert (found(service, NUMBER), found(service, NUMBER, OTHERS)) == ([mine], [theirs])
    with service.database.engine.connect() as connection:
        kept = [bytes(row.digest) for row in connection.execute(sqlalchemy.select(SearchDigestRow))]
    assert len(set(kept)) == 4
    assert all(NUMBER.encode() not in digest for digest in kept)


def test_it_goes_with_the_verifications_key(service: VerificationService) -> None:
    made = opened(service, claims=CLAIMS)
    with service.database.engine.begin() as connection:
        connection.execute(sqlalchemy.delete(DataKeyRow).where(DataKeyRow.verification_id == made))
    assert found(service, NUMBER) == []
