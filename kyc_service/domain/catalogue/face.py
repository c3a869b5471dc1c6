"""Faces, liveness, and the files they came in."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from kyc_service.domain.catalogue.entry import consider, rejected, unassessed, weak
from kyc_service.domain.outcome import Action
from kyc_service.domain.reason_codes import Reason

FACE: Final = MappingProxyType(
    {
        Reason.FACE_MISMATCH: rejected(
            "The face in the selfie is not that of the document's portrait.", action=Action.DECLINE
        ),
        Reason.FACE_MATCH_UNCERTAIN: consider("The faces are alike, but not enough to be sure."),
        Reason.FACE_SECOND_OPINION_DISAGREES: consider("A second model finds the two faces too far apart."),
        Reason.PRESENTATION_ATTACK_LIKELY: rejected("The selfie looks like a picture, screen or mask."),
        Reason.PRESENTATION_ATTACK_POSSIBLE: consider("The selfie may be a picture, screen or mask."),
        Reason.CHALLENGE_NOT_ANSWERED: unassessed(
            "No active liveness challenge was answered, and a single picture proves no presence."
        ),
        Reason.CHALLENGE_SEVERAL_FACES: rejected("More than one face of similar size is in the clip."),
        Reason.CHALLENGE_FACE_CHANGED: rejected("The face changes in the course of the clip."),
        Reason.CHALLENGE_CUT: rejected("The face jumps between two frames: the clip is cut."),
        Reason.CHALLENGE_FLAT_FACE: rejected("The face turns like a flat picture, not like a head."),
        Reason.CHALLENGE_STILL_MOVED: rejected(
            "The face moves as a whole like a still picture, without life of its own."
        ),
        Reason.CHALLENGE_REPEATED_FRAMES: rejected("Frames of the clip repeat: it was not recorded in one go."),
        Reason.CHALLENGE_NOT_THE_SELFIE: rejected("The person in the clip is not the one in the selfie."),
        Reason.CHALLENGE_FLASH_NOT_SEEN: rejected("The colours shown by the screen are not seen on the face."),
        Reason.CAPTURE_SEEN_BEFORE: consider("The very same file was uploaded before in another verification."),
        Reason.CAPTURE_NEARLY_SEEN_BEFORE: consider(
            "A nearly identical picture was uploaded before in another verification."
        ),
        Reason.CAPTURE_METADATA_CONTRADICTS: weak("What the file says of its making contradicts itself or the upload."),
        Reason.CAPTURE_EDITED: weak("The file was written by editing software or saved again."),
        Reason.CAPTURE_SYNTHETIC_NOISE: consider("The frames of the clip repeat as no camera's do."),
        Reason.CAPTURE_TIMING_IMPOSSIBLE: consider("The times of the frames cannot be those of a recording."),
        Reason.PORTRAIT_REUSED: rejected("The selfie shows the document's own portrait, not a person."),
        Reason.FACE_KNOWN_ELSEWHERE: consider("The same face was seen in another verification under another identity."),
        Reason.FACE_BLOCKED: consider("The face resembles one on the blocklist."),
        Reason.LIVENESS_PAUSED: unassessed("Too many liveness attempts failed within a few minutes."),
    }
)
