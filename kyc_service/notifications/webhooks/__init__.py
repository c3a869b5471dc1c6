"""Webhooks: what clients are told, when it is tried again, and how they know that it is from us."""
