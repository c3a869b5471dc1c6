"""First tables: verifications, their captures, reports, events, keys and idempotency keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables and the trigger that keeps events as they are."""
    _create_verifications()
    _create_what_belongs_to_them()
    _create_events()


def _create_verifications() -> None:
    op.create_table(
        "verifications",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("use_case", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("policy_version", sa.Text()),
        sa.Column("claims", sa.LargeBinary()),
        sa.Column("last_error", postgresql.JSONB()),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.Column("redacted_at", _TIME),
    )
    op.create_index("ix_verifications_created_at_id", "verifications", ["created_at", "id"])
    op.create_index("ix_verifications_status_created_at_id", "verifications", ["status", "created_at", "id"])


def _create_what_belongs_to_them() -> None:
    op.create_table(
        "data_keys",
        sa.Column("verification_id", sa.Text(), sa.ForeignKey("verifications.id"), primary_key=True),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "captures",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("verification_id", sa.Text(), sa.ForeignKey("verifications.id"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("byte_size", sa.Integer(), nullable=False),
        sa.Column("blob_key", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.UniqueConstraint("verification_id", "kind", "attempt"),
    )
    op.create_table(
        "reports",
        sa.Column("verification_id", sa.Text(), sa.ForeignKey("verifications.id"), primary_key=True),
        sa.Column("attempt", sa.Integer(), primary_key=True),
        sa.Column("id", sa.Text(), nullable=False, unique=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("schema_version", sa.Text(), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("key", sa.LargeBinary(), primary_key=True),
        sa.Column("request", sa.LargeBinary(), nullable=False),
        sa.Column("verification_id", sa.Text(), sa.ForeignKey("verifications.id"), nullable=False),
        sa.Column("response", sa.LargeBinary()),
        sa.Column("created_at", _TIME, nullable=False),
    )
    op.create_index("ix_idempotency_keys_verification_id", "idempotency_keys", ["verification_id"])


def _create_events() -> None:
    op.create_table(
        "events",
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=True), primary_key=True),
        sa.Column("id", sa.Text(), nullable=False, unique=True),
        sa.Column("verification_id", sa.Text(), sa.ForeignKey("verifications.id"), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("from_status", sa.Text()),
        sa.Column("to_status", sa.Text()),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
    )
    op.create_index("ix_events_verification_id_sequence", "events", ["verification_id", "sequence"])
    op.execute(
        """
        CREATE FUNCTION refuse_to_change_events() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'events are append-only'; END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE ON events
        FOR EACH ROW EXECUTE FUNCTION refuse_to_change_events()
        """
    )


def downgrade() -> None:
    """Drop them, with what they hold."""
    for table in ("events", "idempotency_keys", "reports", "captures", "data_keys", "verifications"):
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_to_change_events()")
