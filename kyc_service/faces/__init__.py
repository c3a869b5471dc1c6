"""Faces: found, judged for quality, aligned, described, compared."""
