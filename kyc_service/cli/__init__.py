"""The command line: ``kyc``."""
