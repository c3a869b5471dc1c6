"""Consent: put on record before anything of a person is decided, and asked for before a submission."""

from __future__ import annotations

from kyc_service.domain.claims import ClaimSource
from kyc_service.domain.clients import Caller, ClientMode
from kyc_service.domain.consent import Consent
from kyc_service.errors import Conflict
from kyc_service.storage.records import VerificationRecord
from kyc_service.verification.consent_document import ConsentDocument, consent_from_json, consent_to_json
from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import append_consent_event, changed, open_for_input
from kyc_service.verification.use_cases import VerificationView, view_of
from kyc_service.verification.versions import IfMatch, version_guard


class ConsentMissing(Conflict):
    """The applicant's consent to be verified is not on record."""

    code = "consent_missing"


def put_consent(
    service: VerificationService,
    verification_id: str,
    document: ConsentDocument,
    caller: Caller,
    if_match: IfMatch | None = None,
) -> VerificationView:
    """Put a consent on record, in the place of an earlier one, which stays among the events.

    Raises:
        VerificationNotFound: the caller has none of that id.
        VerificationExpired: its time is over.
        InputNotExpected: it is past the point where consent can change.
        VersionMismatch: it was changed since the caller read it.
    """
    with service.database.transaction() as tx:
        before = open_for_input(tx, verification_id, caller)
        version_guard(before, if_match)
        consent = document.to_domain(said_by(caller), service.now())
        record = changed(before, consent.received_at, consent=consent_to_json(consent))
        tx.verifications.save(record)
        append_consent_event(tx, record, caller.actor)
        return view_of(service, tx, record)


def said_by(caller: Caller) -> ClaimSource:
    """Who tells of a consent that ``caller`` puts on record."""
    return ClaimSource.APPLICANT if caller.is_applicant else ClaimSource.CLIENT


def consent_of(record: VerificationRecord) -> Consent | None:
    """The consent on record."""
    return None if record.consent is None else consent_from_json(record.consent)


def is_consent_required(service: VerificationService, caller: Caller) -> bool:
    """Whether nothing of ``caller``'s may be decided without consent: samples of a sandbox give none."""
    return service.consent_required and caller.mode is ClientMode.LIVE


def check_consent(record: VerificationRecord, required: bool) -> None:  # noqa: FBT001 - read at the one place that asks
    """Refuse to decide without consent, where it is ``required``.

    Raises:
        ConsentMissing: there is none, or it does not cover what the verification is for.
    """
    consent = consent_of(record)
    if required and (consent is None or not consent.allows(record.use_case)):
        raise ConsentMissing
