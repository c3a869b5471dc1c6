"""Every score that a stage makes, by the check it answers: what a policy can hold a limit against.

Stages name their scores themselves; a test compares. A rule for another name never judges
anything, which its author should know.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kyc_service.domain.checks import CheckName
from kyc_service.domain.history import WINDOWS

_DISTANCE: Final = frozenset({"distance_km"})
_ATTEMPTS: Final = frozenset(f"attempts_{window}" for window, _ in WINDOWS)
_IDENTITIES: Final = frozenset(f"identities_{window}" for window, _ in WINDOWS)

KNOWN_SCORES: Final[Mapping[CheckName, frozenset[str]]] = MappingProxyType(
    {
        CheckName.CAPTURE_QUALITY: frozenset({"sharpness", "brightness", "overexposed_fraction", "card_width_px"}),
        CheckName.AGE: frozenset({"age_years"}),
        CheckName.ORIGINAL_DOCUMENT_PRESENT: frozenset({"screen_recapture", "print_copy", "camera_absence"}),
        CheckName.DIGITAL_TAMPERING: frozenset({"number_splice"}),
        CheckName.PORTRAIT_INTEGRITY: frozenset({"portrait_splice"}),
        CheckName.LIVENESS_PASSIVE: frozenset({"pad_score"}),
        CheckName.FACE_QUALITY: frozenset(
            {
                "yaw_deg",
                "pitch_deg",
                "roll_deg",
                "sharpness",
                "brightness",
                "overexposed_fraction",
                "illumination_uniformity",
                "eye_openness",
                "eye_contrast",
                "mouth_openness",
                "mouth_contrast",
                "blockiness",
                "background_deviation",
                "skin_deviation",
                "dynamic_range_bits",
                "inter_eye_px",
                "second_face_ratio",
            }
        ),
        CheckName.FACE_MATCH: frozenset({"cosine_similarity", "dlib_distance"}),
        CheckName.PORTRAIT_REUSED: frozenset({"same_picture"}),
        CheckName.KNOWN_FACES: frozenset({"nearest_elsewhere", "nearest_blocked"}),
        CheckName.PHONE_POSSESSION: frozenset({"code_age_s", "confirmation_age_s"}),
        CheckName.PHONE_REGION_CONSISTENCY: _DISTANCE,
        CheckName.PHONE_REUSE: frozenset({"other_identities"}),
        CheckName.POSITION_PLAUSIBLE: frozenset({"accuracy_m", "position_age_s"}),
        CheckName.DISTANCE_DOCUMENT_REGION: _DISTANCE,
        CheckName.DISTANCE_PHONE_REGION: _DISTANCE,
        CheckName.DISTANCE_PRINTED_ADDRESS: _DISTANCE,
        CheckName.DISTANCE_STATED_ADDRESS: _DISTANCE,
        CheckName.DISTANCE_IP: _DISTANCE,
        CheckName.DISTANCE_PHOTO: _DISTANCE,
        CheckName.TIME_ZONE: frozenset({"offset_difference_min"}),
        CheckName.DEVICE_CLOCK: frozenset({"clock_error_s"}),
        CheckName.IMPOSSIBLE_TRAVEL: frozenset({"speed_km_h"}),
        CheckName.VELOCITY_PERSON: _ATTEMPTS,
        CheckName.VELOCITY_DOCUMENT: _ATTEMPTS | _IDENTITIES,
        CheckName.VELOCITY_PHONE: _ATTEMPTS | _IDENTITIES,
        CheckName.VELOCITY_DEVICE: _ATTEMPTS | _IDENTITIES,
        CheckName.VELOCITY_FACE: _ATTEMPTS | _IDENTITIES,
    }
)
