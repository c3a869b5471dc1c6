"""Phone codes, sightings for velocity, policy versions and their activations, verdicts of shadow policies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_APPEND_ONLY = ("policy_versions", "policy_activations")


def _of_key(*, primary_key: bool = False) -> sa.Column[str]:
    """A verification whose key, once destroyed, takes the row along."""
    key = sa.ForeignKey("data_keys.verification_id", ondelete="CASCADE")
    return sa.Column("verification_id", sa.Text(), key, primary_key=primary_key, nullable=False)


def upgrade() -> None:
    """Create the tables, and the triggers that keep policies as they are."""
    _create_phone_codes()
    _create_sightings()
    _create_policies()
    op.execute(
        """
        CREATE FUNCTION refuse_to_change_policies() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'policies are append-only'; END $$
        """
    )
    for table in _APPEND_ONLY:
        op.execute(
            f"""
            CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_to_change_policies()
            """
        )


def _create_phone_codes() -> None:
    op.create_table(
        "phone_codes",
        sa.Column("id", sa.Text(), primary_key=True),
        _of_key(),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("address", sa.LargeBinary()),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", _TIME),
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("delivery_tries", sa.Integer(), nullable=False),
        sa.Column("delivery_error", sa.Text()),
    )
    for column in ("verification_id", "phone", "client", "address"):
        op.create_index(f"ix_phone_codes_{column}_created_at", "phone_codes", [column, "created_at"])


def _create_sightings() -> None:
    op.create_table(
        "sightings",
        _of_key(primary_key=True),
        sa.Column("attempt", sa.Integer(), primary_key=True),
        sa.Column("subject", sa.Text(), primary_key=True),
        sa.Column("digest", sa.LargeBinary(), primary_key=True),
        sa.Column("identity", sa.LargeBinary()),
        sa.Column("at", _TIME, nullable=False),
    )
    op.create_index("ix_sightings_subject_digest_at", "sightings", ["subject", "digest", "at"])


def _create_policies() -> None:
    op.create_table(
        "policy_versions",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("version", sa.Text(), primary_key=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
    )
    op.create_table(
        "policy_activations",
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=True), primary_key=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("version", sa.Text()),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(["name", "version"], ["policy_versions.name", "policy_versions.version"]),
    )
    op.create_table(
        "shadow_verdicts",
        sa.Column("verification_id", sa.Text(), sa.ForeignKey("verifications.id"), primary_key=True),
        sa.Column("attempt", sa.Integer(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("active_verdict", sa.Text(), nullable=False),
        sa.Column("shadow_verdict", sa.Text(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
    )
    op.create_index("ix_shadow_verdicts_name_version", "shadow_verdicts", ["name", "version"])


def downgrade() -> None:
    """Drop them."""
    for table in ("shadow_verdicts", "policy_activations", "policy_versions", "sightings", "phone_codes"):
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_to_change_policies()")
