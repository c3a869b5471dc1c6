"""Seeded generator of identity documents in camera scenes: invented people, every family, three severities, attacks."""
