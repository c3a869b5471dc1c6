"""Tables: what the database holds. Whatever is personal stands here as ciphertext only."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """All tables, with names for every constraint so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        bytes: LargeBinary,
        datetime: DateTime(timezone=True),
        # Nothing is NULL in the database too, not the JSON value null.
        dict[str, Any]: JSONB(none_as_null=True),
    }


class ClientRow(Base):
    """A client of the service: one app, one bank. ``mode`` is ``live`` or ``sandbox``."""

    __tablename__ = "clients"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    mode: Mapped[str]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class ApiKeyRow(Base):
    """A client's key; only the digest of its secret is kept."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(ForeignKey(ClientRow.id), index=True)
    digest: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class VerificationRow(Base):
    """``attempt`` counts submissions, ``version`` changes. ``claims`` is sealed for the purpose ``claims``.

    ``reference`` is the client's own name for the applicant, opaque.
    """

    __tablename__ = "verifications"

    id: Mapped[str] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(ForeignKey(ClientRow.id))
    version: Mapped[int]
    status: Mapped[str]
    use_case: Mapped[str]
    tier: Mapped[str]
    attempt: Mapped[int]
    policy_version: Mapped[str | None]
    claims: Mapped[bytes | None]
    last_error: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    redacted_at: Mapped[datetime | None]
    consent: Mapped[dict[str, Any] | None]
    expires_at: Mapped[datetime | None]
    person_id: Mapped[str | None]
    reference: Mapped[str | None]

    __table_args__ = (
        Index(None, "client_id", "created_at", "id"),
        Index(None, "client_id", "status", "created_at", "id"),
        Index(None, "status", "expires_at"),
        Index(None, "client_id", "reference"),
        Index(None, "client_id", "person_id"),
    )


class DataKeyRow(Base):
    """The wrapped key of one verification. Deleting the row destroys what it seals."""

    __tablename__ = "data_keys"

    verification_id: Mapped[str] = mapped_column(ForeignKey(VerificationRow.id), primary_key=True)
    wrapped: Mapped[bytes]
    master_key_id: Mapped[str | None]


class ServiceKeyRow(Base):
    """A key of the whole service (that of the keyed digests), wrapped by the master key that ``master_key_id`` names."""

    __tablename__ = "service_keys"

    name: Mapped[str] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes]
    master_key_id: Mapped[str]
    created_at: Mapped[datetime]


class SearchDigestRow(Base):
    """What a verification is found by: a keyed digest of a number (``id_number``) or a phone (``phone_number``)."""

    __tablename__ = "search_digests"

    verification_id: Mapped[str] = mapped_column(
        ForeignKey(DataKeyRow.verification_id, ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(primary_key=True)

    __table_args__ = (Index(None, "kind", "digest"),)


class SubmissionRow(Base):
    """One submission on its way to its verdict: ``state`` is queued, running, decided or given_back.

    ``tries`` counts the workers that took it up, ``failure`` is a code.
    """

    __tablename__ = "submissions"

    verification_id: Mapped[str] = mapped_column(ForeignKey(VerificationRow.id), primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str]
    actor: Mapped[str]
    priority: Mapped[int]
    tries: Mapped[int]
    queued_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    failure: Mapped[str | None]

    __table_args__ = (Index("ix_submissions_unfinished", "queued_at", postgresql_where=text("finished_at IS NULL")),)


class StageResultRow(Base):
    """That a stage of a submission was begun, ``starts`` times, and what it saw, sealed, once it was done."""

    __tablename__ = "stage_results"

    verification_id: Mapped[str] = mapped_column(
        ForeignKey(DataKeyRow.verification_id, ondelete="CASCADE"), primary_key=True
    )
    attempt: Mapped[int] = mapped_column(primary_key=True)
    stage: Mapped[str] = mapped_column(primary_key=True)
    starts: Mapped[int]
    sealed: Mapped[bytes | None]
    at: Mapped[datetime]


class CaseRow(Base):
    """A submission that people are to look at. Exactly one: the unique key says so. ``reasons`` are codes."""

    __tablename__ = "cases"

    id: Mapped[str] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(ForeignKey(ClientRow.id))
    verification_id: Mapped[str] = mapped_column(ForeignKey(VerificationRow.id))
    attempt: Mapped[int]
    status: Mapped[str]
    queue: Mapped[str]
    reasons: Mapped[list[str]] = mapped_column(JSONB)
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("verification_id", "attempt"), Index(None, "client_id", "created_at", "id"))


class PersonRow(Base):
    """One client's customer. ``identity`` is a keyed digest of client and document number; deletion takes it away."""

    __tablename__ = "persons"

    id: Mapped[str] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(ForeignKey(ClientRow.id))
    identity: Mapped[bytes | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("client_id", "identity"), Index(None, "client_id", "created_at", "id"))


class EnrolmentRow(Base):
    """A person's face template, sealed under a key of its own; ending it destroys key and template."""

    __tablename__ = "enrolments"

    id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey(PersonRow.id))
    verification_id: Mapped[str] = mapped_column(ForeignKey(VerificationRow.id))
    made_by: Mapped[str]
    consent: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    wrapped_key: Mapped[bytes | None]
    master_key_id: Mapped[str | None]
    sealed: Mapped[bytes | None]

    __table_args__ = (Index(None, "person_id", "created_at"),)


class WebhookEndpointRow(Base):
    """Where a client wants to be told what happens; ``event_types`` is none for all."""

    __tablename__ = "webhook_endpoints"

    id: Mapped[str] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(ForeignKey(ClientRow.id))
    url: Mapped[str]
    event_types: Mapped[list[str] | None] = mapped_column(JSONB(none_as_null=True))
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "client_id", "created_at", "id"),)


class WebhookSecretRow(Base):
    """A signing secret of an endpoint, sealed under the service's own key; the one that is replaced expires."""

    __tablename__ = "webhook_secrets"

    id: Mapped[str] = mapped_column(primary_key=True)
    endpoint_id: Mapped[str] = mapped_column(ForeignKey(WebhookEndpointRow.id))
    sealed: Mapped[bytes]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "endpoint_id", "created_at"),)


class WebhookMessageRow(Base):
    """What is told, once for all endpoints. ``id`` and ``sequence`` are the event's; no personal data."""

    __tablename__ = "webhook_messages"

    id: Mapped[str] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(ForeignKey(ClientRow.id))
    type: Mapped[str]
    sequence: Mapped[int] = mapped_column(BigInteger)
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class WebhookDeliveryRow(Base):
    """One message on its way to one endpoint: ``state`` is pending, delivered or failed; ``last_error`` a code."""

    __tablename__ = "webhook_deliveries"

    id: Mapped[str] = mapped_column(primary_key=True)
    endpoint_id: Mapped[str] = mapped_column(ForeignKey(WebhookEndpointRow.id))
    message_id: Mapped[str] = mapped_column(ForeignKey(WebhookMessageRow.id))
    state: Mapped[str]
    tries: Mapped[int]
    created_at: Mapped[datetime]
    next_at: Mapped[datetime | None]
    last_at: Mapped[datetime | None]
    last_status: Mapped[int | None]
    last_error: Mapped[str | None]
    delivered_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("endpoint_id", "message_id"),
        Index(None, "endpoint_id", "created_at", "id"),
        Index(None, "state", "next_at"),
    )


class CaptureRow(Base):
    """One uploaded picture; ``attempt`` is the submission it was uploaded for. Its bytes are a blob."""

    __tablename__ = "captures"

    id: Mapped[str] = mapped_column(primary_key=True)
    verification_id: Mapped[str] = mapped_column(ForeignKey(VerificationRow.id))
    kind: Mapped[str]
    attempt: Mapped[int]
    sha256: Mapped[str]
    media_type: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    byte_size: Mapped[int]
    blob_key: Mapped[str]
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("verification_id", "kind", "attempt"),)


class ReportRow(Base):
    """The report of one submission. Exactly one: the primary key says so."""

    __tablename__ = "reports"

    verification_id: Mapped[str] = mapped_column(ForeignKey(VerificationRow.id), primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    verdict: Mapped[str]
    schema_version: Mapped[str]
    ciphertext: Mapped[bytes]
    created_at: Mapped[datetime]


class EventRow(Base):
    """One change of state. A trigger refuses to change or delete rows."""

    __tablename__ = "events"

    sequence: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    verification_id: Mapped[str] = mapped_column(ForeignKey(VerificationRow.id))
    type: Mapped[str]
    from_status: Mapped[str | None]
    to_status: Mapped[str | None]
    at: Mapped[datetime]
    actor: Mapped[str]
    payload: Mapped[dict[str, Any]]

    __table_args__ = (Index(None, "verification_id", "sequence"),)


class IdempotencyRow(Base):
    """A POST that was begun. ``key`` and ``request`` are keyed digests; the answer is sealed."""

    __tablename__ = "idempotency_keys"

    key: Mapped[bytes] = mapped_column(primary_key=True)
    request: Mapped[bytes]
    verification_id: Mapped[str | None] = mapped_column(ForeignKey(VerificationRow.id), index=True)
    response: Mapped[bytes | None]
    created_at: Mapped[datetime]


class ChallengeRow(Base):
    """A liveness challenge as drawn; ``answered_by`` is the capture that answered it, once."""

    __tablename__ = "challenges"

    id: Mapped[str] = mapped_column(primary_key=True)
    verification_id: Mapped[str] = mapped_column(ForeignKey(VerificationRow.id))
    kind: Mapped[str]
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    answered_by: Mapped[str | None] = mapped_column(index=True)

    __table_args__ = (Index(None, "verification_id", "issued_at"),)


class TraceRow(Base):
    """What a submission is known again by, sealed: its face, or the look of one of its captures.

    ``made_by`` is the model or method, since only traces of one make can be compared.
    ``digest`` is keyed: of the document's number beside a face, of the file beside a capture.
    """

    __tablename__ = "traces"

    sequence: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    verification_id: Mapped[str] = mapped_column(ForeignKey(VerificationRow.id))
    attempt: Mapped[int]
    kind: Mapped[str]
    made_by: Mapped[str]
    sealed: Mapped[bytes]
    digest: Mapped[bytes | None]
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("verification_id", "attempt", "kind"),
        Index(None, "kind", "made_by", "sequence"),
        Index(None, "kind", "digest"),
    )


class FaceBlockRow(Base):
    """A verification whose face is on the blocklist; ``reason`` is a code of the bank's own."""

    __tablename__ = "face_blocks"

    verification_id: Mapped[str] = mapped_column(ForeignKey(VerificationRow.id), primary_key=True)
    reason: Mapped[str]
    actor: Mapped[str]
    at: Mapped[datetime]


class LivenessFailureRow(Base):
    """A failed liveness attempt, once per ``subject``: a keyed digest of a number, a phone or a device."""

    __tablename__ = "liveness_failures"

    verification_id: Mapped[str] = mapped_column(ForeignKey(VerificationRow.id), primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[bytes] = mapped_column(primary_key=True)
    at: Mapped[datetime]

    __table_args__ = (Index(None, "subject", "at"), Index(None, "at"))


class PhoneCodeRow(Base):
    """A one-time code that was sent. ``digest`` is keyed, of code and row; ``phone`` and ``address`` are keyed too.

    It goes with its verification's key. ``delivery`` is pending, sent, uncertain or failed.
    """

    __tablename__ = "phone_codes"

    id: Mapped[str] = mapped_column(primary_key=True)
    verification_id: Mapped[str] = mapped_column(ForeignKey(DataKeyRow.verification_id, ondelete="CASCADE"))
    phone: Mapped[bytes]
    digest: Mapped[bytes]
    client: Mapped[str]
    address: Mapped[bytes | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int]
    confirmed_at: Mapped[datetime | None]
    delivery: Mapped[str]
    delivery_tries: Mapped[int]
    delivery_error: Mapped[str | None]

    __table_args__ = (
        Index(None, "verification_id", "created_at"),
        Index(None, "phone", "created_at"),
        Index(None, "client", "created_at"),
        Index(None, "address", "created_at"),
    )


class SightingRow(Base):
    """That a person, document, phone, device or face was part of a submission. All digests are keyed.

    ``identity`` tells persons apart. Rows go with their verification's key.
    """

    __tablename__ = "sightings"

    verification_id: Mapped[str] = mapped_column(
        ForeignKey(DataKeyRow.verification_id, ondelete="CASCADE"), primary_key=True
    )
    attempt: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    identity: Mapped[bytes | None]
    at: Mapped[datetime]

    __table_args__ = (Index(None, "subject", "digest", "at"),)


class PolicyVersionRow(Base):
    """One version of a policy, as written. A trigger refuses to change or delete rows."""

    __tablename__ = "policy_versions"

    name: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    text: Mapped[str]
    author: Mapped[str]
    created_at: Mapped[datetime]


class PolicyActivationRow(Base):
    """Which version was put to which use (``active``, ``shadow``) from when on, by whom, why; none ends a shadow's.

    A trigger refuses to change or delete rows.
    """

    __tablename__ = "policy_activations"

    sequence: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    role: Mapped[str]
    name: Mapped[str | None]
    version: Mapped[str | None]
    actor: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (ForeignKeyConstraint(["name", "version"], [PolicyVersionRow.name, PolicyVersionRow.version]),)


class ShadowVerdictRow(Base):
    """What the shadow policy said of a submission beside the active one."""

    __tablename__ = "shadow_verdicts"

    verification_id: Mapped[str] = mapped_column(ForeignKey(VerificationRow.id), primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    version: Mapped[str]
    active_verdict: Mapped[str]
    shadow_verdict: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (Index(None, "name", "version"),)
