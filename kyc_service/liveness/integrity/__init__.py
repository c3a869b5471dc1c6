"""Capture integrity: was this upload made now, by a camera, for this verification? Measurements, no verdict.

A reason is raised only where it is surely so; everything else is evidence. What an app
strips (metadata above all) is missing and proves nothing.
"""

from kyc_service.liveness.integrity.clips import of_clip
from kyc_service.liveness.integrity.earlier import EarlierCaptures
from kyc_service.liveness.integrity.fingerprint import distance, fingerprint
from kyc_service.liveness.integrity.pictures import of_picture

__all__ = ["EarlierCaptures", "distance", "fingerprint", "of_clip", "of_picture"]
