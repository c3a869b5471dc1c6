"""Measure the document branch on pictures whose truth is known: ``kyc evaluate documents``."""
