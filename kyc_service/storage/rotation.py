"""Rotation: every wrapped key is wrapped anew under another master key; what they seal stays as it is.

Each batch is one transaction: killed in the middle, a rotation goes on where it stood. The
service runs meanwhile, with the new key and the previous one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kyc_service.storage.database import Database
from kyc_service.storage.keys import DataKey, MasterKey
from kyc_service.storage.master_key import digest_key_name
from kyc_service.storage.service_keys import DIGEST

_BATCH: Final = 500


def keys_by_master_key(database: Database) -> dict[str, int]:
    """How many wrapped keys there are, by the id of the master key that wraps them."""
    with database.transaction() as tx:
        return tx.service_keys.counts()


def rotate(database: Database, key: MasterKey) -> Iterator[int]:
    """Wrap everything under ``key``, whose ``previous`` opens what it does not; give the number done after each batch.

    Raises:
        SealBroken: a key was wrapped by neither; all before it are done.
    """
    done = _rotate_service_key(database, key)
    yield done
    while count := _rotate_batch(database, key):
        done += count
        yield done


def _rotate_service_key(database: Database, key: MasterKey) -> int:
    with database.transaction() as tx:
        wrapped = tx.service_keys.find(DIGEST)
        if wrapped is None:
            return 0
        tx.service_keys.replace(DIGEST, key.wrap(key.unwrap(digest_key_name(), wrapped)))
    return 1


def _rotate_batch(database: Database, key: MasterKey) -> int:
    with database.transaction() as tx:
        verifications = tx.service_keys.wrapped_by_others(key.id, _BATCH)
        for verification_id, wrapped in verifications:
            tx.service_keys.rewrap(verification_id, key.wrap(_opened(key, verification_id, wrapped)))
        enrolments = tx.service_keys.enrolments_wrapped_by_others(key.id, _BATCH)
        for enrolment_id, wrapped in enrolments:
            tx.service_keys.rewrap_enrolment(enrolment_id, key.wrap(_opened(key, enrolment_id, wrapped)))
    return len(verifications) + len(enrolments)


def _opened(key: MasterKey, owner_id: str, wrapped: bytes) -> DataKey:
    return key.unwrap(owner_id, wrapped)
