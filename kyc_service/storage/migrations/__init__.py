"""Migrations of the schema, run at start by :mod:`kyc_service.storage.schema`."""
