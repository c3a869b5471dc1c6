"""Use cases of the liveness challenge: drawn for one verification, answered once, in time."""

from __future__ import annotations

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.challenge import Challenge, ChallengeKind
from kyc_service.domain.claims import Claims
from kyc_service.domain.clients import Caller
from kyc_service.errors import Conflict
from kyc_service.storage.blobs import BlobKey
from kyc_service.storage.database import Transaction
from kyc_service.storage.records import CaptureRecord, ChallengeRecord, EventType, VerificationRecord
from kyc_service.verification.challenge_document import steps_from_json, steps_to_json
from kyc_service.verification.claims_document import claims_from_bytes
from kyc_service.verification.idempotency import Once
from kyc_service.verification.lockout import WITHIN, check_draws, check_not_paused, subjects_of
from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import (
    CLAIMS,
    Upload,
    append_capture_event,
    append_event,
    changed,
    check_clip,
    discard,
    keep_capture,
    open_for_input,
)


class ChallengeMissing(Conflict):
    """No challenge was drawn for this verification; ask for one first."""

    code = "challenge_missing"


class ChallengeExpired(Conflict):
    """The challenge has expired; ask for a new one."""

    code = "challenge_expired"


class ChallengeAnswered(Conflict):
    """The challenge was answered already; ask for a new one."""

    code = "challenge_answered"


def issue_challenge(
    service: VerificationService,
    verification_id: str,
    kind: ChallengeKind,
    caller: Caller,
    once: Once[ChallengeRecord] | None = None,
) -> ChallengeRecord:
    """Draw a challenge; only the one drawn last can be answered.

    Raises:
        VerificationNotFound: there is none of that id.
        InputNotExpected: it is past the point where captures can change.
        LivenessPaused: too many attempts failed, or too many challenges were drawn, within a few minutes.
        IdempotencyKeyInUse: the same request is being done at the moment.
    """
    with service.database.transaction() as tx:
        record, now = open_for_input(tx, verification_id, caller), service.now()
        check_not_paused(
            tx, subjects_of(_claims(service, tx, record), (), service.master_key.of_client(record.client_id)), now
        )
        check_draws(tx.challenges.issued(verification_id, now - WITHIN), now)
        challenge = draw_challenge(service, tx, record, kind, caller.actor)
        if once:
            once.begin(tx, record.id, now)
            once.finish(tx, service.key_of(tx, record.id), challenge)
        return challenge


def draw_challenge(
    service: VerificationService, tx: Transaction, record: VerificationRecord, kind: ChallengeKind, actor: str
) -> ChallengeRecord:
    """Write a new challenge and its event."""
    drawn = service.draw_challenge(kind, service.now())
    challenge = ChallengeRecord(
        id=drawn.id,
        verification_id=record.id,
        kind=drawn.kind,
        steps=steps_to_json(drawn),
        issued_at=drawn.issued_at,
        expires_at=drawn.expires_at,
        answered_by=None,
    )
    tx.challenges.add(challenge)
    payload = {"challenge_id": challenge.id, "kind": kind.value}
    append_event(tx, EventType.CHALLENGE_ISSUED, record, actor, at=challenge.issued_at, payload=payload)
    return challenge


def put_clip(service: VerificationService, verification_id: str, data: bytes, caller: Caller) -> CaptureRecord:
    """Check a clip and keep it as the one answer to the verification's challenge.

    Raises:
        VerificationNotFound: there is none of that id.
        InputNotExpected: it is past the point where captures can change.
        ChallengeMissing: nothing was asked.
        ChallengeExpired: the clip comes too late.
        ChallengeAnswered: another clip came first.
        ImageRefused: the bytes are no clip that can be used; nothing was kept, and the challenge stays open.
        AtCapacity: too many uploads are being checked.
    """
    received_at = service.now()
    with service.database.transaction() as tx:
        challenge = _open_challenge(service, tx, open_for_input(tx, verification_id, caller))
    clip = check_clip(service, data)
    written: list[BlobKey] = []
    try:
        with service.database.transaction() as tx:
            record = open_for_input(tx, verification_id, caller)
            upload = Upload(CaptureKind.LIVENESS, record.attempt + 1, data, clip)
            capture, replaced = keep_capture(
                service, tx, service.key_of(tx, verification_id), upload, written, at=received_at
            )
            _answer(tx, challenge, capture)
            tx.verifications.save(changed(record, capture.created_at))
            append_capture_event(tx, record, capture, caller.actor)
    except BaseException:
        discard(service, written)
        raise
    discard(service, [replaced] if replaced else [])
    return capture


def challenge_of(record: ChallengeRecord) -> Challenge:
    """The challenge as it was drawn."""
    actions, flashes = steps_from_json(record.steps)
    return Challenge(record.id, record.kind, actions, flashes, record.issued_at, record.expires_at)


def _open_challenge(service: VerificationService, tx: Transaction, record: VerificationRecord) -> ChallengeRecord:
    challenge = tx.challenges.latest(record.id)
    if challenge is None:
        raise ChallengeMissing
    if challenge.answered_by is not None:
        raise ChallengeAnswered
    if service.now() > challenge.expires_at:
        raise ChallengeExpired
    return challenge


def _answer(tx: Transaction, challenge: ChallengeRecord, capture: CaptureRecord) -> None:
    if not tx.challenges.answer(challenge.id, capture.id):
        raise ChallengeAnswered


def _claims(service: VerificationService, tx: Transaction, record: VerificationRecord) -> Claims:
    if record.claims is None:
        return Claims()
    return claims_from_bytes(service.key_of(tx, record.id).open(record.claims, CLAIMS))
