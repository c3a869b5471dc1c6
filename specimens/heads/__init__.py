"""Rendered clips of heads that answer a challenge, and of attacks on it.

The head is MakeHuman's, put in motion by its own expression targets; it shares nothing
with the face mesh by which clips are judged. Everything is seeded.
"""
