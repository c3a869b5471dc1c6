"""Liveness: is a person before the camera? Weak signals here, never proof."""
