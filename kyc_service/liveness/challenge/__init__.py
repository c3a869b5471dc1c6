"""Liveness challenges: drawn at random, answered by a clip, and the answer checked."""
