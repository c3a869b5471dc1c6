"""Clients and their keys, durable submissions, cases, persons, webhooks, search digests, and the job queue."""

from __future__ import annotations

from importlib.resources import files

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_FIRST_CLIENT = "cli_" + "0" * 32
"""Whose the verifications are that were made before there were clients."""

_TABLES = (
    "webhook_deliveries",
    "webhook_messages",
    "webhook_secrets",
    "webhook_endpoints",
    "enrolments",
    "persons",
    "cases",
    "stage_results",
    "submissions",
    "search_digests",
    "service_keys",
    "api_keys",
)


def upgrade() -> None:
    """Create the tables; what is there already belongs to a first client without keys."""
    _create_clients()
    _widen_verifications()
    _create_submissions()
    _create_people()
    _create_webhooks()
    op.alter_column("idempotency_keys", "verification_id", nullable=True)
    op.add_column("data_keys", sa.Column("master_key_id", sa.Text()))
    op.create_table(
        "service_keys",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("master_key_id", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
    )
    op.create_table(
        "search_digests",
        _of_key(primary_key=True),
        sa.Column("kind", sa.Text(), primary_key=True),
        sa.Column("digest", sa.LargeBinary(), primary_key=True),
    )
    op.create_index("ix_search_digests_kind_digest", "search_digests", ["kind", "digest"])
    # The queue's own tables and functions, as its package ships them.
    queue = (files("procrastinate") / "sql" / "schema.sql").read_text("utf-8")
    op.get_bind().exec_driver_sql(queue.replace("%", "%%"))


def _of_key(*, primary_key: bool = False) -> sa.Column[str]:
    """A verification whose key, once destroyed, takes the row along."""
    key = sa.ForeignKey("data_keys.verification_id", ondelete="CASCADE")
    return sa.Column("verification_id", sa.Text(), key, primary_key=primary_key, nullable=False)


def _create_clients() -> None:
    op.create_table(
        "clients",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False, unique=True),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("disabled_at", _TIME),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("client_id", sa.Text(), sa.ForeignKey("clients.id"), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False, unique=True),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("revoked_at", _TIME),
    )
    op.create_index("ix_api_keys_client_id", "api_keys", ["client_id"])
    op.execute(
        f"INSERT INTO clients (id, name, mode, created_at) VALUES ('{_FIRST_CLIENT}', 'first', 'live', now())"  # noqa: S608 - a constant
    )


def _widen_verifications() -> None:
    op.add_column(
        "verifications",
        sa.Column(
            "client_id",
            sa.Text(),
            sa.ForeignKey("clients.id"),
            nullable=False,
            server_default=sa.text(f"'{_FIRST_CLIENT}'"),
        ),
    )
    op.alter_column("verifications", "client_id", server_default=None)
    op.add_column("verifications", sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1")))
    op.alter_column("verifications", "version", server_default=None)
    op.add_column("verifications", sa.Column("consent", JSONB()))
    op.add_column("verifications", sa.Column("expires_at", _TIME))
    op.add_column("verifications", sa.Column("person_id", sa.Text()))
    op.add_column("verifications", sa.Column("reference", sa.Text()))
    op.drop_index("ix_verifications_created_at_id", "verifications")
    op.drop_index("ix_verifications_status_created_at_id", "verifications")
    op.create_index("ix_verifications_client_id_created_at_id", "verifications", ["client_id", "created_at", "id"])
    op.create_index(
        "ix_verifications_client_id_status_created_at_id", "verifications", ["client_id", "status", "created_at", "id"]
    )
    op.create_index("ix_verifications_status_expires_at", "verifications", ["status", "expires_at"])
    op.create_index("ix_verifications_client_id_reference", "verifications", ["client_id", "reference"])
    op.create_index("ix_verifications_client_id_person_id", "verifications", ["client_id", "person_id"])


def _create_submissions() -> None:
    op.create_table(
        "submissions",
        sa.Column("verification_id", sa.Text(), sa.ForeignKey("verifications.id"), primary_key=True),
        sa.Column("attempt", sa.Integer(), primary_key=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("queued_at", _TIME, nullable=False),
        sa.Column("started_at", _TIME),
        sa.Column("finished_at", _TIME),
        sa.Column("failure", sa.Text()),
    )
    op.create_index(
        "ix_submissions_unfinished", "submissions", ["queued_at"], postgresql_where=sa.text("finished_at IS NULL")
    )
    op.create_table(
        "stage_results",
        _of_key(primary_key=True),
        sa.Column("attempt", sa.Integer(), primary_key=True),
        sa.Column("stage", sa.Text(), primary_key=True),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("at", _TIME, nullable=False),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("client_id", sa.Text(), sa.ForeignKey("clients.id"), nullable=False),
        sa.Column("verification_id", sa.Text(), sa.ForeignKey("verifications.id"), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("reasons", JSONB(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.UniqueConstraint("verification_id", "attempt", name="uq_cases_verification_id_attempt"),
    )
    op.create_index("ix_cases_client_id_created_at_id", "cases", ["client_id", "created_at", "id"])


def _create_people() -> None:
    op.create_table(
        "persons",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("client_id", sa.Text(), sa.ForeignKey("clients.id"), nullable=False),
        sa.Column("identity", sa.LargeBinary()),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.Column("deleted_at", _TIME),
        sa.UniqueConstraint("client_id", "identity", name="uq_persons_client_id_identity"),
    )
    op.create_index("ix_persons_client_id_created_at_id", "persons", ["client_id", "created_at", "id"])
    op.create_table(
        "enrolments",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("person_id", sa.Text(), sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("verification_id", sa.Text(), sa.ForeignKey("verifications.id"), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("consent", JSONB(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("ended_at", _TIME),
        # Ending an enrolment destroys both: its key, and with it what it sealed.
        sa.Column("wrapped_key", sa.LargeBinary()),
        sa.Column("master_key_id", sa.Text()),
        sa.Column("sealed", sa.LargeBinary()),
    )
    op.create_index("ix_enrolments_person_id_created_at", "enrolments", ["person_id", "created_at"])


def _create_webhooks() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("client_id", sa.Text(), sa.ForeignKey("clients.id"), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("event_types", JSONB()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.Column("disabled_at", _TIME),
        sa.Column("deleted_at", _TIME),
    )
    op.create_index(
        "ix_webhook_endpoints_client_id_created_at_id", "webhook_endpoints", ["client_id", "created_at", "id"]
    )
    op.create_table(
        "webhook_secrets",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("endpoint_id", sa.Text(), sa.ForeignKey("webhook_endpoints.id"), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME),
    )
    op.create_index("ix_webhook_secrets_endpoint_id_created_at", "webhook_secrets", ["endpoint_id", "created_at"])
    op.create_table(
        "webhook_messages",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("client_id", sa.Text(), sa.ForeignKey("clients.id"), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("payload", JSONB(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("endpoint_id", sa.Text(), sa.ForeignKey("webhook_endpoints.id"), nullable=False),
        sa.Column("message_id", sa.Text(), sa.ForeignKey("webhook_messages.id"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("next_at", _TIME),
        sa.Column("last_at", _TIME),
        sa.Column("last_status", sa.Integer()),
        sa.Column("last_error", sa.Text()),
        sa.Column("delivered_at", _TIME),
        sa.UniqueConstraint("endpoint_id", "message_id", name="uq_webhook_deliveries_endpoint_id_message_id"),
    )
    op.create_index(
        "ix_webhook_deliveries_endpoint_id_created_at_id", "webhook_deliveries", ["endpoint_id", "created_at", "id"]
    )
    op.create_index("ix_webhook_deliveries_state_next_at", "webhook_deliveries", ["state", "next_at"])


def downgrade() -> None:
    """Drop them, the queue too."""
    for table in _TABLES:
        op.drop_table(table)
    op.execute("DELETE FROM idempotency_keys WHERE verification_id IS NULL")
    op.alter_column("idempotency_keys", "verification_id", nullable=False)
    op.drop_column("data_keys", "master_key_id")
    op.drop_index("ix_verifications_client_id_person_id", "verifications")
    op.drop_index("ix_verifications_client_id_reference", "verifications")
    op.drop_index("ix_verifications_status_expires_at", "verifications")
    op.drop_index("ix_verifications_client_id_status_created_at_id", "verifications")
    op.drop_index("ix_verifications_client_id_created_at_id", "verifications")
    for column in ("reference", "person_id", "expires_at", "consent", "version", "client_id"):
        op.drop_column("verifications", column)
    op.create_index("ix_verifications_created_at_id", "verifications", ["created_at", "id"])
    op.create_index("ix_verifications_status_created_at_id", "verifications", ["status", "created_at", "id"])
    op.drop_table("clients")
    _drop_queue()


def _drop_queue() -> None:
    for table in ("periodic_defers", "events", "jobs", "workers"):
        op.execute(f"DROP TABLE procrastinate_{table} CASCADE")
    op.execute(
        """
        DO $$ DECLARE each regprocedure; BEGIN
          FOR each IN SELECT oid::regprocedure FROM pg_proc
            WHERE proname LIKE 'procrastinate\\_%' AND pronamespace = current_schema()::regnamespace
          LOOP EXECUTE 'DROP FUNCTION ' || each || ' CASCADE'; END LOOP;
        END $$
        """
    )
    for kind in ("job_to_defer_v1", "job_event_type", "job_status"):
        op.execute(f"DROP TYPE IF EXISTS procrastinate_{kind} CASCADE")
