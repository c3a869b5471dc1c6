"""Use cases of the blocklist: faces that are looked for in every later verification."""

from __future__ import annotations

from kyc_service.domain.clients import Caller
from kyc_service.errors import Conflict
from kyc_service.storage.records import EventType, FaceBlockRecord
from kyc_service.verification.ownership import owned
from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import append_event


class FaceNotBlocked(Conflict):
    """The verification's face is not on the blocklist."""

    code = "face_not_blocked"


class FaceAlreadyBlocked(Conflict):
    """The verification's face is on the blocklist already."""

    code = "face_already_blocked"


def block_face(service: VerificationService, verification_id: str, reason: str, caller: Caller) -> None:
    """Put the faces of a verification on the blocklist; a hit later asks for a person's look, never more.

    Raises:
        VerificationNotFound: there is none of that id.
        FaceAlreadyBlocked: it stands there already.
    """
    with service.database.transaction() as tx:
        record, now = owned(tx.verifications.lock(verification_id), caller), service.now()
        if not tx.traces.block(FaceBlockRecord(verification_id, reason, caller.actor, now)):
            raise FaceAlreadyBlocked
        append_event(tx, EventType.FACE_BLOCKED, record, caller.actor, at=now, payload={"reason": reason})


def unblock_face(service: VerificationService, verification_id: str, caller: Caller) -> None:
    """Take the faces of a verification off the blocklist.

    Raises:
        VerificationNotFound: there is none of that id.
        FaceNotBlocked: it does not stand there.
    """
    with service.database.transaction() as tx:
        record = owned(tx.verifications.lock(verification_id), caller)
        if not tx.traces.unblock(verification_id):
            raise FaceNotBlocked
        append_event(tx, EventType.FACE_UNBLOCKED, record, caller.actor, at=service.now())
