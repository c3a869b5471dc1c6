"""Use cases up to the submission, and those that read. One function, one transaction.

Each authorised change loads the verification under a lock, checks that its state allows
the change, writes, and appends the event.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.challenge import ChallengeKind
from kyc_service.domain.claims import Claims
from kyc_service.domain.clients import Caller
from kyc_service.domain.verification import VerificationStatus
from kyc_service.storage.blobs import BlobKey
from kyc_service.storage.database import Transaction
from kyc_service.storage.ids import new_id
from kyc_service.storage.records import CaptureRecord, ChallengeRecord, EventRecord, EventType, VerificationRecord
from kyc_service.storage.reports import report_purpose
from kyc_service.verification.challenges import draw_challenge
from kyc_service.verification.claims_document import claims_to_bytes
from kyc_service.verification.idempotency import Once
from kyc_service.verification.lockout import paused_until, subjects_of
from kyc_service.verification.ownership import owned
from kyc_service.verification.searching import index_for_search
from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import (
    CLAIMS,
    NewVerification,
    Upload,
    append_capture_event,
    append_event,
    changed,
    check_picture,
    check_tier,
    discard,
    keep_capture,
    open_capture,
    open_for_input,
    open_verification,
    received,
)
from kyc_service.verification.versions import IfMatch, version_guard

REQUIRED_CAPTURES: Final = frozenset({CaptureKind.DOCUMENT_FRONT, CaptureKind.SELFIE})
ACCEPTED_CAPTURES: Final = REQUIRED_CAPTURES | {CaptureKind.DOCUMENT_BACK}


@dataclass(frozen=True, slots=True)
class VerificationView:
    """A verification as it is read: its record, its latest captures, its latest report's JSON, its open challenge."""

    record: VerificationRecord
    captures: Mapping[CaptureKind, CaptureRecord]
    report: bytes | None
    challenge: ChallengeRecord | None = None


def create_verification(
    service: VerificationService, new: NewVerification, once: Once[VerificationView] | None = None
) -> VerificationView:
    """Open a verification under its own key, with a challenge unless its subjects are to wait.

    Raises:
        UnknownTier: the policy has no such tier for the use case.
        IdempotencyKeyInUse: the same request is being done at the moment.
    """
    check_tier(service, new)
    new = replace(new, claims=received(service, new.claims))
    with service.database.transaction() as tx:
        record, key = open_verification(service, tx, new, new_id("ver"))
        index_for_search(service, tx, record, new.claims)
        is_paused = (
            paused_until(tx, subjects_of(new.claims, (), service.master_key.of_client(record.client_id)), service.now())
            is not None
        )
        drawn = None if is_paused else draw_challenge(service, tx, record, ChallengeKind.ACTIONS, new.caller.actor)
        view = VerificationView(record, {}, None, drawn)
        if once:
            once.begin(tx, record.id, record.created_at)
            once.finish(tx, key, view)
    return view


def put_claims(
    service: VerificationService,
    verification_id: str,
    claims: Claims,
    caller: Caller,
    if_match: IfMatch | None = None,
) -> VerificationView:
    """Replace the claims.

    Raises:
        VerificationNotFound: there is none of that id.
        InputNotExpected: it is past the point where claims can change.
    """
    claims = received(service, claims)
    with service.database.transaction() as tx:
        record = open_for_input(tx, verification_id, caller)
        version_guard(record, if_match)
        sealed = service.key_of(tx, verification_id).seal(claims_to_bytes(claims), CLAIMS)
        record = changed(record, service.now(), claims=sealed)
        tx.verifications.save(record)
        index_for_search(service, tx, record, claims)
        append_event(tx, EventType.CLAIMS_CHANGED, record, caller.actor, at=record.updated_at)
        return view_of(service, tx, record)


def put_capture(
    service: VerificationService, verification_id: str, kind: CaptureKind, data: bytes, caller: Caller
) -> CaptureRecord:
    """Check a picture and keep it for the next submission, in the place of an earlier one.

    Raises:
        VerificationNotFound: there is none of that id.
        InputNotExpected: it is past the point where captures can change.
        ImageRefused: the bytes are no picture that can be used; nothing was kept.
        AtCapacity: too many pictures are being checked.
    """
    # A look before the work: nobody can make us decode pictures for what does not exist.
    with service.database.transaction() as tx:
        open_for_input(tx, verification_id, caller)
    picture = check_picture(service, kind, data)
    written: list[BlobKey] = []
    try:
        with service.database.transaction() as tx:
            record = open_for_input(tx, verification_id, caller)
            key = service.key_of(tx, verification_id)
            upload = Upload(kind, record.attempt + 1, data, picture)
            capture, replaced = keep_capture(service, tx, key, upload, written)
            tx.verifications.save(changed(record, capture.created_at))
            append_capture_event(tx, record, capture, caller.actor)
    except BaseException:
        discard(service, written)
        raise
    discard(service, [replaced] if replaced else [])
    return capture


def read_verification(service: VerificationService, verification_id: str, caller: Caller) -> VerificationView:
    """One verification with its captures and its latest report.

    Raises:
        VerificationNotFound: there is none of that id.
    """
    with service.database.transaction() as tx:
        return view_of(service, tx, owned(tx.verifications.get(verification_id), caller))


def read_report(service: VerificationService, verification_id: str, caller: Caller) -> bytes:
    """The JSON of the latest report, byte for byte as it was written.

    Raises:
        VerificationNotFound: there is none of that id.
        ReportNotFound: nothing was decided yet.
    """
    with service.database.transaction() as tx:
        owned(tx.verifications.get(verification_id), caller)
        report = tx.reports.latest(verification_id)
        return service.key_of(tx, verification_id).open(report.ciphertext, report_purpose(report.attempt))


def read_capture(service: VerificationService, verification_id: str, kind: CaptureKind, caller: Caller) -> bytes | None:
    """The bytes of the latest capture of a kind, as they were uploaded.

    Raises:
        VerificationNotFound: there is none of that id.
    """
    with service.database.transaction() as tx:
        owned(tx.verifications.get(verification_id), caller)
        capture = tx.captures.latest(verification_id).get(kind)
        key = service.key_of(tx, verification_id)
    return None if capture is None else open_capture(service, key, capture)


def list_events(service: VerificationService, verification_id: str, caller: Caller) -> list[EventRecord]:
    """Everything that happened to a verification, oldest first.

    Raises:
        VerificationNotFound: there is none of that id.
    """
    with service.database.transaction() as tx:
        owned(tx.verifications.get(verification_id), caller)
        return tx.events.of(verification_id)


def view_of(service: VerificationService, tx: Transaction, record: VerificationRecord) -> VerificationView:
    """``record`` with all that is read with it."""
    report = tx.reports.find_latest(record.id)
    content = None
    if report is not None:
        content = service.key_of(tx, record.id).open(report.ciphertext, report_purpose(report.attempt))
    return VerificationView(record, tx.captures.latest(record.id), content, _open_challenge(service, tx, record))


def _open_challenge(
    service: VerificationService, tx: Transaction, record: VerificationRecord
) -> ChallengeRecord | None:
    """The challenge that a clip would answer now."""
    challenge = tx.challenges.latest(record.id)
    is_open = challenge is not None and challenge.answered_by is None and service.now() <= challenge.expires_at
    return challenge if is_open and record.status is VerificationStatus.REQUIRES_INPUT else None
