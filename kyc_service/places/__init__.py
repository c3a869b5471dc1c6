"""Positions, phone numbers and region codes -> versioned facts. Offline: no module here opens a socket."""

from kyc_service.places.book import PlaceBook

__all__ = ["PlaceBook"]
