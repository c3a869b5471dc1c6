"""Imaging: bytes -> checked pixels. Safe decoding, evidence in metadata, geometry, capture quality, thumbnails."""
