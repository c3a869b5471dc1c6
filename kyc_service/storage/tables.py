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
        dict[str, Any]: JSONB,
    }


class VerificationRow(Base):
    """``attempt`` counts submissions. ``claims`` is sealed for the purpose ``claims``."""

    __tablename__ = "verifications"

    id: Mapped[str] = mapped_column(primary_key=True)
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

    __table_args__ = (
        Index(None, "created_at", "id"),
        Index(None, "status", "created_at", "id"),
    )


class DataKeyRow(Base):
    """The wrapped key of one verification. Deleting the row destroys what it seals."""

    __tablename__ = "data_keys"

    verification_id: Mapped[str] = mapped_column(ForeignKey(VerificationRow.id), primary_key=True)
    wrapped: Mapped[bytes]


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
    verification_id: Mapped[str] = mapped_column(ForeignKey(VerificationRow.id), index=True)
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
