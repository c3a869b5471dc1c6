"""Positions, numbers, addresses, names and region codes -> versioned facts, from data that travel along.

No module here opens a socket, but for ``geocoder``, where the operator names a server of their own.
"""

from kyc_service.places.book import PlaceBook
from kyc_service.places.geocoder import NominatimGeocoder

__all__ = ["NominatimGeocoder", "PlaceBook"]
