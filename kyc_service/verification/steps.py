"""Steps: what several use cases do inside their transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from kyc_service.decision.verdict import UnknownTier
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.claims import Claims, ClaimSource
from kyc_service.domain.clients import Caller
from kyc_service.domain.verification import UseCase, VerificationStatus, check_transition
from kyc_service.errors import Conflict
from kyc_service.imaging.clip import ClipFile
from kyc_service.imaging.picture import Picture
from kyc_service.imaging.refusals import refusals_name
from kyc_service.storage.blobs import BlobKey
from kyc_service.storage.database import Settling, Transaction
from kyc_service.storage.ids import new_id
from kyc_service.storage.keys import DataKey
from kyc_service.storage.records import CaptureRecord, EventRecord, EventType, VerificationRecord
from kyc_service.verification.announcing import announce
from kyc_service.verification.claims_document import claims_to_bytes
from kyc_service.verification.consent_document import ConsentDocument, consent_to_json
from kyc_service.verification.ownership import owned
from kyc_service.verification.service import VerificationService

CLAIMS: Final = "claims"
SERVICE: Final = "service"
"""Who it was when nobody asked."""


class InputNotExpected(Conflict):
    """Claims and captures can be changed only while the verification requires input."""

    code = "input_not_expected"


class VerificationExpired(Conflict, Settling):
    """The verification waited too long for input; begin another."""

    code = "verification_expired"


@dataclass(frozen=True, slots=True)
class NewVerification:
    """What a verification starts from: ``claims`` as received, ``reference`` the client's own name for the applicant."""

    use_case: UseCase
    tier: str
    claims: Claims
    caller: Caller
    reference: str | None = None
    consent: ConsentDocument | None = None


def changed(record: VerificationRecord, at: datetime, **fields: Any) -> VerificationRecord:  # noqa: ANN401 - each field has its own type
    """``record`` with ``fields`` changed at ``at``: its next version."""
    return replace(record, version=record.version + 1, updated_at=at, **fields)


def received(service: VerificationService, claims: Claims) -> Claims:
    """``claims`` as they came in just now: by the service's own clock, whatever was said."""
    return replace(claims, received_at=service.now())


def open_for_input(tx: Transaction, verification_id: str, caller: Caller) -> VerificationRecord:
    """The verification, locked, if it still takes claims and captures.

    Raises:
        VerificationNotFound: there is none of that id.
        VerificationExpired: its time is over; from now on its status says so.
        InputNotExpected: it does not.
    """
    record = owned(tx.verifications.lock(verification_id), caller)
    check_not_expired(tx, record)
    if record.status is not VerificationStatus.REQUIRES_INPUT:
        raise InputNotExpected
    return record


def check_not_expired(tx: Transaction, record: VerificationRecord) -> None:
    """Refuse a change of a locked verification whose time is over, and write down that it is.

    Before anything else is written: what was, stands.

    Raises:
        VerificationExpired: it is.
    """
    if record.status is VerificationStatus.EXPIRED:
        raise VerificationExpired
    if record.status is not VerificationStatus.REQUIRES_INPUT or record.expires_at is None:
        return
    if tx.verifications.is_over(record.expires_at):
        expire(tx, record)
        raise VerificationExpired


def expire(tx: Transaction, before: VerificationRecord) -> None:
    """Write down that a locked verification's time is over."""
    check_transition(before.status, VerificationStatus.EXPIRED)
    record = changed(before, tx.verifications.clock(), status=VerificationStatus.EXPIRED)
    tx.verifications.save(record)
    append_event(tx, EventType.VERIFICATION_EXPIRED, record, SERVICE, at=record.updated_at, before=before.status)


def waits_until(service: VerificationService, tx: Transaction) -> datetime:
    """Until when a verification waits that begins to wait for input now, by the database's clock."""
    return tx.verifications.clock() + service.expires_after


def check_tier(service: VerificationService, new: NewVerification) -> None:
    """Refuse a tier that the policy in use does not have."""
    tiers = service.tiers()
    if (new.use_case, new.tier) not in tiers:
        raise UnknownTier.among(tiers, new.use_case)


def check_picture(service: VerificationService, kind: CaptureKind, data: bytes) -> Picture:
    """Decode an upload to see that it can be; only so many at once, since pixels take memory.

    Raises:
        ImageRefused: it cannot; names ``kind``.
    """
    with service.uploads.place(), refusals_name(kind):
        return service.check_picture(data)


def check_clip(service: VerificationService, data: bytes) -> ClipFile:
    """Decode a clip to see that it can be.

    Raises:
        ImageRefused: it cannot; names the capture.
    """
    with service.uploads.place(), refusals_name(CaptureKind.LIVENESS):
        return service.check_clip(data)


def open_verification(
    service: VerificationService, tx: Transaction, new: NewVerification, verification_id: str
) -> tuple[VerificationRecord, DataKey]:
    """Write a new verification, its key and its event."""
    key, wrapped = service.master_key.new_data_key(verification_id)
    now = service.now()
    # Only a client creates verifications.
    consent = None if new.consent is None else new.consent.to_domain(ClaimSource.CLIENT, now)
    record = VerificationRecord(
        id=verification_id,
        client_id=new.caller.client_id,
        version=1,
        reference=new.reference,
        status=VerificationStatus.REQUIRES_INPUT,
        use_case=new.use_case,
        tier=new.tier,
        attempt=0,
        policy_version=None,
        claims=key.seal(claims_to_bytes(new.claims), CLAIMS),
        last_error=None,
        created_at=now,
        updated_at=now,
        redacted_at=None,
        expires_at=waits_until(service, tx),
        consent=None if consent is None else consent_to_json(consent),
    )
    tx.verifications.add(record, wrapped)
    append_event(tx, EventType.VERIFICATION_CREATED, record, new.caller.actor, at=now)
    if consent is not None:
        append_consent_event(tx, record, new.caller.actor)
    return record, key


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture or clip that was checked; ``attempt`` is the submission it is meant for."""

    kind: CaptureKind
    attempt: int
    data: bytes
    picture: Picture | ClipFile


def keep_capture(
    service: VerificationService,
    tx: Transaction,
    key: DataKey,
    upload: Upload,
    written: list[BlobKey],
    at: datetime | None = None,
) -> tuple[CaptureRecord, BlobKey | None]:
    """Seal a checked upload, store it, write its row; answer it with the blob it replaces.

    The new blob is noted in ``written``, for the caller to discard should the transaction
    fail. ``at`` is when its bytes came, where that matters more than when it is kept.
    """
    capture_id = new_id("cap")
    written.append(service.blobs.put(key.seal(upload.data, capture_purpose(capture_id))))
    record = CaptureRecord(
        id=capture_id,
        verification_id=key.verification_id,
        kind=upload.kind,
        attempt=upload.attempt,
        sha256=upload.picture.sha256,
        media_type=upload.picture.media_type.value,
        width=upload.picture.width,
        height=upload.picture.height,
        byte_size=len(upload.data),
        blob_key=written[-1],
        created_at=at or service.now(),
    )
    return record, tx.captures.replace(record)


def open_capture(service: VerificationService, key: DataKey, capture: CaptureRecord) -> bytes:
    """The bytes of a capture as they were uploaded."""
    return key.open(service.blobs.get(capture.blob_key), capture_purpose(capture.id))


def discard(service: VerificationService, blobs: list[BlobKey]) -> None:
    """Delete blobs that no row names (any more)."""
    for blob in blobs:
        service.blobs.delete(blob)


def append_event(
    tx: Transaction,
    event: EventType,
    record: VerificationRecord,
    actor: str,
    *,
    at: datetime,
    before: VerificationStatus | None = None,
    payload: Mapping[str, Any] | None = None,
) -> None:
    """Write down what happened, and tell the client; ``before`` is the status it led away from, where it changed."""
    has_changed = before is not None or event is EventType.VERIFICATION_CREATED
    appended = EventRecord(
        id=new_id("evt"),
        verification_id=record.id,
        type=event,
        from_status=before,
        to_status=record.status if has_changed else None,
        at=at,
        actor=actor,
        payload=dict(payload or {}),
    )
    tx.events.append(appended)
    announce(tx, appended, record)


def append_consent_event(tx: Transaction, record: VerificationRecord, actor: str) -> None:
    """Write down that consent was given: all of it, since it holds nothing personal."""
    append_event(tx, EventType.CONSENT_GIVEN, record, actor, at=record.updated_at, payload=record.consent)


def append_capture_event(tx: Transaction, record: VerificationRecord, capture: CaptureRecord, actor: str) -> None:
    """Write down that a capture was uploaded."""
    payload = {"capture_id": capture.id, "kind": capture.kind.value, "attempt": capture.attempt}
    append_event(tx, EventType.CAPTURE_UPLOADED, record, actor, at=capture.created_at, payload=payload)


def capture_purpose(capture_id: str) -> str:
    """What a capture's bytes are sealed for."""
    return f"capture:{capture_id}"
