"""Liveness: challenges, traces of faces and captures, failed attempts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def _verification(*, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(
        "verification_id", sa.Text(), sa.ForeignKey("verifications.id"), primary_key=primary_key, nullable=False
    )


def upgrade() -> None:
    """Create the tables."""
    _create_challenges()
    _create_traces()
    op.create_table(
        "liveness_failures",
        _verification(primary_key=True),
        sa.Column("attempt", sa.Integer(), primary_key=True),
        sa.Column("subject", sa.LargeBinary(), primary_key=True),
        sa.Column("at", _TIME, nullable=False),
    )
    op.create_index("ix_liveness_failures_subject_at", "liveness_failures", ["subject", "at"])
    op.create_index("ix_liveness_failures_at", "liveness_failures", ["at"])


def _create_challenges() -> None:
    op.create_table(
        "challenges",
        sa.Column("id", sa.Text(), primary_key=True),
        _verification(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("steps", postgresql.JSONB(), nullable=False),
        sa.Column("issued_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("answered_by", sa.Text()),
    )
    op.create_index("ix_challenges_answered_by", "challenges", ["answered_by"])
    op.create_index("ix_challenges_verification_id_issued_at", "challenges", ["verification_id", "issued_at"])


def _create_traces() -> None:
    op.create_table(
        "traces",
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=True), primary_key=True),
        _verification(),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary()),
        sa.Column("created_at", _TIME, nullable=False),
        sa.UniqueConstraint("verification_id", "attempt", "kind"),
    )
    op.create_index("ix_traces_kind_made_by_sequence", "traces", ["kind", "made_by", "sequence"])
    op.create_index("ix_traces_kind_digest", "traces", ["kind", "digest"])
    op.create_table(
        "face_blocks",
        _verification(primary_key=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
    )


def downgrade() -> None:
    """Drop them, with what they hold."""
    for table in ("face_blocks", "traces", "challenges", "liveness_failures"):
        op.drop_table(table)
