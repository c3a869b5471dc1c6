"""What Alembic runs: migrations on the connection it is handed, inside that connection's transaction."""

from __future__ import annotations

from alembic import context

from kyc_service.storage.tables import Base

# Imported by anything but Alembic (tools that look for doctests), there is nothing to run.
if hasattr(context, "config"):
    context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
    context.run_migrations()
