"""Observability: logs and metrics. Neither ever holds personal data."""
