"""Sandbox: sample applicants whose outcomes are fixed, for who builds an app on the service."""
