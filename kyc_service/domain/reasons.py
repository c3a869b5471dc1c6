"""The reason catalogue: every reason that can stand in a report, in one place.

A reason has a stable code, a sentence for staff, a sentence that may be shown to the
applicant (or none, where saying why would teach an attacker), and the outcome it gives
the check it is raised under. Reasons marked ``retake`` say that a capture is unusable:
they open the capture gate and nothing else. What a reason does to the verdict is not
said here but in the policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kyc_service.domain.outcome import Action, Outcome


class Reason(StrEnum):
    """Stable codes. Never reuse or rename one: reports are kept for years."""

    # capture gate: document
    DOCUMENT_NOT_FOUND = "document_not_found"
    DOCUMENT_TOO_SMALL = "document_too_small"
    DOCUMENT_CUT_OFF = "document_cut_off"
    DOCUMENT_BLURRED = "document_blurred"
    DOCUMENT_TOO_DARK = "document_too_dark"
    DOCUMENT_OVEREXPOSED = "document_overexposed"
    DOCUMENT_UNREADABLE = "document_unreadable"
    DOCUMENT_WRONG_SIDE = "document_wrong_side"
    DOCUMENT_GLARE = "document_glare"
    DOCUMENT_COVERED = "document_covered"
    DOCUMENT_SEVERAL = "document_several"
    DOCUMENT_SCREENSHOT = "document_screenshot"
    # capture gate: selfie
    FACE_NOT_FOUND = "face_not_found"
    FACE_SEVERAL = "face_several"
    FACE_TOO_SMALL = "face_too_small"
    FACE_CUT_OFF = "face_cut_off"
    FACE_TURNED_AWAY = "face_turned_away"
    FACE_BLURRED = "face_blurred"
    FACE_TOO_DARK = "face_too_dark"
    FACE_OVEREXPOSED = "face_overexposed"
    FACE_UNEVENLY_LIT = "face_unevenly_lit"
    FACE_TILTED = "face_tilted"
    FACE_EYES_CLOSED = "face_eyes_closed"
    FACE_EYES_COVERED = "face_eyes_covered"
    FACE_MOUTH_OPEN = "face_mouth_open"
    FACE_COVERED = "face_covered"
    FACE_COMPRESSED = "face_compressed"
    # capture gate: liveness clip
    CLIP_TOO_SHORT = "clip_too_short"
    CLIP_TOO_FEW_FRAMES = "clip_too_few_frames"
    CLIP_FACE_LOST = "clip_face_lost"
    CHALLENGE_ACTION_MISSING = "challenge_action_missing"
    CHALLENGE_WRONG_ORDER = "challenge_wrong_order"
    CHALLENGE_EXPIRED = "challenge_expired"
    CHALLENGE_OUT_OF_TIME = "challenge_out_of_time"
    # document
    DOCUMENT_UNSUPPORTED = "document_unsupported"
    PORTRAIT_NOT_FOUND = "portrait_not_found"
    PORTRAIT_POOR = "portrait_poor"
    FIELD_UNCERTAIN = "field_uncertain"
    ID_NUMBER_MISSING = "id_number_missing"
    ID_NUMBER_MALFORMED = "id_number_malformed"
    ID_NUMBER_CHECK_DIGIT = "id_number_check_digit"
    ID_NUMBER_IMPOSSIBLE_DATE = "id_number_impossible_date"
    ID_NUMBER_UNKNOWN_REGION = "id_number_unknown_region"
    MRZ_MISSING = "mrz_missing"
    MRZ_MALFORMED = "mrz_malformed"
    MRZ_CHECK_DIGIT = "mrz_check_digit"
    DOCUMENT_EXPIRED = "document_expired"
    DOCUMENT_NOT_YET_VALID = "document_not_yet_valid"
    EXPIRY_UNKNOWN = "expiry_unknown"
    UNDER_AGE = "under_age"
    IMPLAUSIBLE_AGE = "implausible_age"
    BIRTH_DATE_CONTRADICTS_NUMBER = "birth_date_contradicts_number"
    SEX_CONTRADICTS_NUMBER = "sex_contradicts_number"
    MRZ_CONTRADICTS_PRINTED_TEXT = "mrz_contradicts_printed_text"
    PRINTED_TEXT_NOT_CONFIRMED = "printed_text_not_confirmed"
    VALIDITY_CONTRADICTS_AGE = "validity_contradicts_age"
    BARCODE_MISSING = "barcode_missing"
    BARCODE_MALFORMED = "barcode_malformed"
    BARCODE_CONTRADICTS_PRINTED_TEXT = "barcode_contradicts_printed_text"
    NATIONAL_NUMBER_INVALID = "national_number_invalid"
    DOCUMENT_RECAPTURED = "document_recaptured"
    DOCUMENT_RECAPTURE_POSSIBLE = "document_recapture_possible"
    DOCUMENT_PRINTED_COPY = "document_printed_copy"
    DOCUMENT_NOT_PHOTOGRAPHED = "document_not_photographed"
    DOCUMENT_TAMPERED = "document_tampered"
    DOCUMENT_TAMPERING_POSSIBLE = "document_tampering_possible"
    PORTRAIT_REPLACED = "portrait_replaced"
    SIDES_OF_DIFFERENT_DOCUMENTS = "sides_of_different_documents"
    # claims
    NAME_MISMATCH = "name_mismatch"
    NAME_MATCHES_NORMALISED = "name_matches_normalised"
    NAME_MATCHES_SIMPLIFIED = "name_matches_simplified"
    NAME_MATCHES_PINYIN = "name_matches_pinyin"
    ADDRESS_DIFFERS = "address_differs"
    CLAIM_FROM_APPLICANT_ONLY = "claim_from_applicant_only"
    DATE_OF_BIRTH_MISMATCH = "date_of_birth_mismatch"
    ID_NUMBER_MISMATCH = "id_number_mismatch"
    DOCUMENT_TYPE_MISMATCH = "document_type_mismatch"
    ISSUING_COUNTRY_MISMATCH = "issuing_country_mismatch"
    # face and liveness
    FACE_MISMATCH = "face_mismatch"
    FACE_MATCH_UNCERTAIN = "face_match_uncertain"
    FACE_SECOND_OPINION_DISAGREES = "face_second_opinion_disagrees"
    PRESENTATION_ATTACK_LIKELY = "presentation_attack_likely"
    PRESENTATION_ATTACK_POSSIBLE = "presentation_attack_possible"
    CHALLENGE_NOT_ANSWERED = "challenge_not_answered"
    CHALLENGE_SEVERAL_FACES = "challenge_several_faces"
    CHALLENGE_FACE_CHANGED = "challenge_face_changed"
    CHALLENGE_CUT = "challenge_cut"
    CHALLENGE_FLAT_FACE = "challenge_flat_face"
    CHALLENGE_STILL_MOVED = "challenge_still_moved"
    CHALLENGE_REPEATED_FRAMES = "challenge_repeated_frames"
    CHALLENGE_NOT_THE_SELFIE = "challenge_not_the_selfie"
    CHALLENGE_FLASH_NOT_SEEN = "challenge_flash_not_seen"
    CAPTURE_SEEN_BEFORE = "capture_seen_before"
    CAPTURE_NEARLY_SEEN_BEFORE = "capture_nearly_seen_before"
    CAPTURE_METADATA_CONTRADICTS = "capture_metadata_contradicts"
    CAPTURE_EDITED = "capture_edited"
    CAPTURE_SYNTHETIC_NOISE = "capture_synthetic_noise"
    CAPTURE_TIMING_IMPOSSIBLE = "capture_timing_impossible"
    PORTRAIT_REUSED = "portrait_reused"
    FACE_KNOWN_ELSEWHERE = "face_known_elsewhere"
    FACE_BLOCKED = "face_blocked"
    LIVENESS_PAUSED = "liveness_paused"
    # phone
    PHONE_INVALID = "phone_invalid"
    PHONE_LINE_NOT_ACCEPTED = "phone_line_not_accepted"
    PHONE_LINE_UNUSUAL = "phone_line_unusual"
    PHONE_LINE_VOIP = "phone_line_voip"
    PHONE_NOT_CONFIRMED = "phone_not_confirmed"
    PHONE_CONFIRMATION_OLD = "phone_confirmation_old"
    PHONE_USED_BY_OTHERS = "phone_used_by_others"
    PHONE_CHANGED = "phone_changed"
    PHONE_REGION_DIFFERS = "phone_region_differs"
    PHONE_COUNTRY_DIFFERS = "phone_country_differs"
    # place
    POSITION_IMPOSSIBLE = "position_impossible"
    POSITION_NULL_ISLAND = "position_null_island"
    POSITION_AXES_SWAPPED = "position_axes_swapped"
    POSITION_IMPRECISE = "position_imprecise"
    POSITION_STALE = "position_stale"
    POSITION_IN_FUTURE = "position_in_future"
    POSITION_NEAR_BORDER = "position_near_border"
    POSITION_DATUM_DOUBTFUL = "position_datum_doubtful"
    COUNTRY_NOT_ALLOWED = "country_not_allowed"
    FAR_FROM_DOCUMENT_REGION = "far_from_document_region"
    FAR_FROM_PHONE_REGION = "far_from_phone_region"
    FAR_FROM_PRINTED_ADDRESS = "far_from_printed_address"
    FAR_FROM_STATED_ADDRESS = "far_from_stated_address"
    FAR_FROM_IP = "far_from_ip"
    IP_COUNTRY_DIFFERS = "ip_country_differs"
    FAR_FROM_PHOTO = "far_from_photo"
    TIME_ZONE_DIFFERS = "time_zone_differs"
    DEVICE_CLOCK_WRONG = "device_clock_wrong"
    DEVICE_CHANGED = "device_changed"
    TRAVEL_IMPOSSIBLE = "travel_impossible"
    # velocity
    PERSON_MANY_ATTEMPTS = "person_many_attempts"
    DOCUMENT_MANY_ATTEMPTS = "document_many_attempts"
    DOCUMENT_MANY_IDENTITIES = "document_many_identities"
    PHONE_MANY_ATTEMPTS = "phone_many_attempts"
    PHONE_MANY_IDENTITIES = "phone_many_identities"
    DEVICE_MANY_ATTEMPTS = "device_many_attempts"
    DEVICE_MANY_IDENTITIES = "device_many_identities"
    FACE_MANY_ATTEMPTS = "face_many_attempts"
    FACE_MANY_IDENTITIES = "face_many_identities"
    # authorities
    AUTHORITY_CONTRADICTS = "authority_contradicts"
    AUTHORITY_NOT_ON_RECORD = "authority_not_on_record"
    AUTHORITY_UNREACHABLE = "authority_unreachable"
    SANCTIONS_POSSIBLE_HIT = "sanctions_possible_hit"
    # the policy itself
    CROSS_CHECKS_TOO_FEW = "cross_checks_too_few"
    SIGNALS_COMBINED = "signals_combined"
    # why a question could not be answered
    NOT_PROVIDED = "not_provided"
    NOT_MEASURED = "not_measured"
    FACT_UNKNOWN = "fact_unknown"
    STAGE_FAILED = "stage_failed"
    DOCUMENT_NOT_READ = "document_not_read"
    CAPTURE_MISSING = "capture_missing"
    CAPTURE_UNUSABLE = "capture_unusable"
    ATTEMPTS_EXHAUSTED = "attempts_exhausted"


@dataclass(frozen=True, slots=True)
class ReasonEntry:
    """What the catalogue says of one reason.

    ``outcome`` is what it makes of the check it is raised under. ``retake``: the
    capture it was seen on is unusable.
    """

    staff: str
    applicant: str | None
    outcome: Outcome
    retake: bool = False
    applicant_zh: str | None = None
    default_action: Action = Action.REVIEW


def _retake(staff: str, applicant: str) -> ReasonEntry:
    return ReasonEntry(staff, applicant, Outcome.REJECTED, retake=True)


def _rejected(staff: str, applicant: str | None = None) -> ReasonEntry:
    return ReasonEntry(staff, applicant, Outcome.REJECTED)


def _consider(staff: str, applicant: str | None = None) -> ReasonEntry:
    return ReasonEntry(staff, applicant, Outcome.CONSIDER)


def _unassessed(staff: str, applicant: str | None = None) -> ReasonEntry:
    return ReasonEntry(staff, applicant, Outcome.NOT_ASSESSED)


CATALOGUE: Final[dict[Reason, ReasonEntry]] = {
    Reason.DOCUMENT_NOT_FOUND: _retake(
        "No identity document was found in the picture.",
        "We could not find your document in the picture. Lay it flat and fill the frame with it.",
    ),
    Reason.DOCUMENT_TOO_SMALL: _retake(
        "The document is too small in the picture to be read.",
        "Your document is too far away. Move closer so that it fills the frame.",
    ),
    Reason.DOCUMENT_CUT_OFF: _retake(
        "Part of the document lies outside the picture.",
        "Part of your document is cut off. Make sure that all four corners are visible.",
    ),
    Reason.DOCUMENT_BLURRED: _retake(
        "The document is too blurred to be read.",
        "The picture is blurred. Hold the phone still and let it focus.",
    ),
    Reason.DOCUMENT_TOO_DARK: _retake(
        "The document is too dark to be read.",
        "The picture is too dark. Move to a brighter place.",
    ),
    Reason.DOCUMENT_OVEREXPOSED: _retake(
        "The document is overexposed.",
        "The picture is too bright. Avoid direct light and reflections.",
    ),
    Reason.DOCUMENT_UNREADABLE: _retake(
        "A document was found but its required fields could not be read.",
        "We could not read your document. Take the picture again in good light, without reflections.",
    ),
    Reason.DOCUMENT_WRONG_SIDE: _retake(
        "The other side of the document was sent.",
        "This is the other side of your document. Please photograph the side we asked for.",
    ),
    Reason.DOCUMENT_GLARE: _retake(
        "A reflection hides the portrait, the number or another field.",
        "Light is reflected on your document. Tilt it a little or move away from the lamp.",
    ),
    Reason.DOCUMENT_COVERED: _retake(
        "Something covers a part of the document.",
        "A part of your document is covered. Keep fingers and other things off it.",
    ),
    Reason.DOCUMENT_SEVERAL: _retake(
        "More than one document is in the picture.",
        "There is more than one document in the picture. Please photograph one side of one document.",
    ),
    Reason.DOCUMENT_SCREENSHOT: _retake(
        "The picture is a screenshot and not a photograph.",
        "This looks like a screenshot. Please photograph the document itself.",
    ),
    Reason.FACE_NOT_FOUND: _retake(
        "No face was found in the selfie.",
        "We could not see your face. Look straight into the camera.",
    ),
    Reason.FACE_SEVERAL: _retake(
        "More than one face of similar size is in the selfie.",
        "Someone else is in the picture. Please take it alone.",
    ),
    Reason.FACE_TOO_SMALL: _retake(
        "The face in the selfie is too small.",
        "You are too far away. Move the phone closer.",
    ),
    Reason.FACE_CUT_OFF: _retake(
        "The face in the selfie is cut off by the edge of the picture.",
        "Part of your face is outside the picture. Centre your face.",
    ),
    Reason.FACE_TURNED_AWAY: _retake(
        "The face in the selfie is turned too far from the camera.",
        "Look straight into the camera.",
    ),
    Reason.FACE_BLURRED: _retake(
        "The face in the selfie is blurred.",
        "The picture is blurred. Hold the phone still.",
    ),
    Reason.FACE_TOO_DARK: _retake(
        "The face in the selfie is too dark.",
        "The picture is too dark. Turn towards the light.",
    ),
    Reason.FACE_OVEREXPOSED: _retake(
        "The face in the selfie is overexposed.",
        "The picture is too bright. Turn away from strong light.",
    ),
    Reason.FACE_UNEVENLY_LIT: _retake(
        "One side of the face in the selfie is far darker than the other.",
        "One side of your face is in shadow. Turn towards the light.",
    ),
    Reason.FACE_TILTED: _retake(
        "The head in the selfie is tilted up, down or to the side.",
        "Hold the phone at eye level and keep your head upright.",
    ),
    Reason.FACE_EYES_CLOSED: _retake(
        "The eyes in the selfie are closed.",
        "Your eyes are closed. Look into the camera with open eyes.",
    ),
    Reason.FACE_EYES_COVERED: _retake(
        "The eyes in the selfie are covered.",
        "We cannot see your eyes. Take off sunglasses and move hair aside.",
    ),
    Reason.FACE_MOUTH_OPEN: _retake(
        "The mouth in the selfie is wide open.",
        "Close your mouth and keep a neutral face.",
    ),
    Reason.FACE_COVERED: _retake(
        "Part of the face in the selfie is covered.",
        "Part of your face is covered. Take off masks and keep hands away.",
    ),
    Reason.FACE_COMPRESSED: _retake(
        "The selfie has been compressed until the face shows blocks.",
        "The picture has lost too much quality. Take it anew in the app.",
    ),
    Reason.CLIP_TOO_SHORT: _retake(
        "The clip ends before the challenge does.",
        "The recording was too short. Please follow all the steps.",
    ),
    Reason.CLIP_TOO_FEW_FRAMES: _retake(
        "The clip has too few frames to follow a movement.",
        "The recording was too jerky. Please try again.",
    ),
    Reason.CLIP_FACE_LOST: _retake(
        "The face leaves the clip or cannot be followed through it.",
        "We lost sight of your face. Keep it in the frame the whole time.",
    ),
    Reason.CHALLENGE_ACTION_MISSING: _retake(
        "An action that was asked for is not seen in the clip.",
        "We could not see every movement. Please follow the steps again.",
    ),
    Reason.DOCUMENT_UNSUPPORTED: _rejected(
        "Text was read, but the document belongs to no supported family.",
        "We do not accept this kind of document.",
    ),
    Reason.PORTRAIT_NOT_FOUND: _rejected("No portrait was found on the document."),
    Reason.PORTRAIT_POOR: _consider("The portrait on the document is too poor to be compared safely."),
    Reason.FIELD_UNCERTAIN: _consider("A field was read with low confidence."),
    Reason.ID_NUMBER_MISSING: _rejected("The document's number was not found."),
    Reason.ID_NUMBER_MALFORMED: _rejected("The number has not the form that the standard asks for."),
    Reason.ID_NUMBER_CHECK_DIGIT: _rejected("The number's check digit is wrong (GB 11643)."),
    Reason.ID_NUMBER_IMPOSSIBLE_DATE: _rejected("The number holds a birth date that does not exist or lies ahead."),
    Reason.ID_NUMBER_UNKNOWN_REGION: _rejected("The number holds a region code that was never issued."),
    Reason.MRZ_MISSING: _rejected("The document should carry a machine-readable zone, and none was found."),
    Reason.MRZ_MALFORMED: _rejected("The machine-readable zone breaks the form of ICAO 9303."),
    Reason.MRZ_CHECK_DIGIT: _rejected("A check digit of the machine-readable zone is wrong (ICAO 9303)."),
    Reason.DOCUMENT_EXPIRED: _rejected(
        "The document has expired.", "Your document has expired. Please use a valid one."
    ),
    Reason.DOCUMENT_NOT_YET_VALID: _rejected("The document's validity begins in the future."),
    Reason.EXPIRY_UNKNOWN: _unassessed(
        "The date of expiry is not on what was sent.", "Please also photograph the other side of your document."
    ),
    Reason.UNDER_AGE: _rejected(
        "The holder is younger than the policy allows.", "You are not old enough to use this service."
    ),
    Reason.IMPLAUSIBLE_AGE: _consider("The holder would be older than the policy finds plausible."),
    Reason.BIRTH_DATE_CONTRADICTS_NUMBER: _rejected("The printed birth date is not the one in the number."),
    Reason.SEX_CONTRADICTS_NUMBER: _rejected("The printed sex is not the one in the number."),
    Reason.MRZ_CONTRADICTS_PRINTED_TEXT: _rejected(
        "The machine-readable zone and the printed text contradict each other."
    ),
    Reason.PRINTED_TEXT_NOT_CONFIRMED: _consider(
        "Values of the machine-readable zone were not found again in the printed text."
    ),
    Reason.VALIDITY_CONTRADICTS_AGE: _consider("The card's period of validity does not fit the holder's age at issue."),
    Reason.BARCODE_MISSING: _consider("The document should carry a PDF417 barcode, and none was read."),
    Reason.BARCODE_MALFORMED: _rejected("The barcode breaks the form of the AAMVA card design standard."),
    Reason.BARCODE_CONTRADICTS_PRINTED_TEXT: _rejected("The barcode and the printed text contradict each other."),
    Reason.NATIONAL_NUMBER_INVALID: _rejected("The national number breaks the rule of the country that issues it."),
    Reason.DOCUMENT_RECAPTURED: _rejected("The picture shows a screen and not the document itself."),
    Reason.DOCUMENT_RECAPTURE_POSSIBLE: _consider("The picture may show a screen, a print or a copy."),
    Reason.DOCUMENT_PRINTED_COPY: _rejected("The picture shows a print or a photocopy of the document."),
    Reason.DOCUMENT_NOT_PHOTOGRAPHED: _consider(
        "The picture carries no trace of a camera: drawn, generated or edited."
    ),
    Reason.DOCUMENT_TAMPERED: _rejected("Parts of the print do not belong to the rest of the picture."),
    Reason.DOCUMENT_TAMPERING_POSSIBLE: _consider("Parts of the print may not belong to the rest of the picture."),
    Reason.PORTRAIT_REPLACED: _consider("The portrait may not belong to the document it is on."),
    Reason.SIDES_OF_DIFFERENT_DOCUMENTS: _consider("Front and back seem to belong to different documents."),
    Reason.NAME_MISMATCH: _rejected("The claimed name is not the one on the document."),
    Reason.NAME_MATCHES_NORMALISED: _consider(
        "The claimed name equals the document's only after transliteration or reordering."
    ),
    Reason.DATE_OF_BIRTH_MISMATCH: _rejected("The claimed birth date is not the one on the document."),
    Reason.ID_NUMBER_MISMATCH: _rejected("The claimed number is not the one on the document."),
    Reason.DOCUMENT_TYPE_MISMATCH: _rejected("The document is of another type than claimed."),
    Reason.ISSUING_COUNTRY_MISMATCH: _rejected("The document was issued by another country than claimed."),
    Reason.FACE_MISMATCH: _rejected("The face in the selfie is not that of the document's portrait."),
    Reason.FACE_MATCH_UNCERTAIN: _consider("The faces are alike, but not enough to be sure."),
    Reason.FACE_SECOND_OPINION_DISAGREES: _consider("A second model finds the two faces too far apart."),
    Reason.PRESENTATION_ATTACK_LIKELY: _rejected("The selfie looks like a picture, screen or mask."),
    Reason.PRESENTATION_ATTACK_POSSIBLE: _consider("The selfie may be a picture, screen or mask."),
    Reason.CHALLENGE_NOT_ANSWERED: _unassessed(
        "No active liveness challenge was answered, and a single picture proves no presence."
    ),
    Reason.CHALLENGE_WRONG_ORDER: _retake(
        "The actions in the clip are done in another order than asked.",
        "Please follow the steps in the order in which they are shown.",
    ),
    Reason.CHALLENGE_OUT_OF_TIME: _retake(
        "An action in the clip is done outside the time in which it was asked.",
        "Please follow each step while it is shown.",
    ),
    Reason.CHALLENGE_EXPIRED: _retake(
        "The clip came after the challenge had expired, or a challenge was answered twice.",
        "The steps have expired. Please start them again.",
    ),
    Reason.CHALLENGE_SEVERAL_FACES: _rejected("More than one face of similar size is in the clip."),
    Reason.CHALLENGE_FACE_CHANGED: _rejected("The face changes in the course of the clip."),
    Reason.CHALLENGE_CUT: _rejected("The face jumps between two frames: the clip is cut."),
    Reason.CHALLENGE_FLAT_FACE: _rejected("The face turns like a flat picture, not like a head."),
    Reason.CHALLENGE_STILL_MOVED: _rejected("The face moves as a whole like a still picture, without life of its own."),
    Reason.CHALLENGE_REPEATED_FRAMES: _rejected("Frames of the clip repeat: it was not recorded in one go."),
    Reason.CHALLENGE_NOT_THE_SELFIE: _rejected("The person in the clip is not the one in the selfie."),
    Reason.CHALLENGE_FLASH_NOT_SEEN: _rejected("The colours shown by the screen are not seen on the face."),
    Reason.CAPTURE_SEEN_BEFORE: _consider("The very same file was uploaded before in another verification."),
    Reason.CAPTURE_NEARLY_SEEN_BEFORE: _consider(
        "A nearly identical picture was uploaded before in another verification."
    ),
    Reason.CAPTURE_METADATA_CONTRADICTS: _consider(
        "What the file says of its making contradicts itself or the upload."
    ),
    Reason.CAPTURE_EDITED: _consider("The file was written by editing software or saved again."),
    Reason.CAPTURE_SYNTHETIC_NOISE: _consider("The frames of the clip repeat as no camera's do."),
    Reason.CAPTURE_TIMING_IMPOSSIBLE: _consider("The times of the frames cannot be those of a recording."),
    Reason.PORTRAIT_REUSED: _rejected("The selfie shows the document's own portrait, not a person."),
    Reason.FACE_KNOWN_ELSEWHERE: _consider("The same face was seen in another verification under another identity."),
    Reason.FACE_BLOCKED: _consider("The face resembles one on the blocklist."),
    Reason.LIVENESS_PAUSED: _unassessed("Too many liveness attempts failed within a few minutes."),
    Reason.PHONE_INVALID: _rejected(
        "The phone number is not valid.", "This phone number is not valid. Please check it."
    ),
    Reason.PHONE_LINE_NOT_ACCEPTED: _rejected(
        "The phone number is of a kind no person is reached by (premium, toll-free, shared cost).",
        "Please use your own mobile number.",
    ),
    Reason.PHONE_LINE_UNUSUAL: _consider("The phone number is not known to be a mobile line."),
    Reason.PHONE_REGION_DIFFERS: _consider(
        "The number was first issued far from the document's region (a weak signal: people move, numbers are ported)."
    ),
    Reason.PHONE_COUNTRY_DIFFERS: _consider("The phone number belongs to another country than the document."),
    Reason.POSITION_IMPOSSIBLE: _rejected("The position is not on Earth."),
    Reason.POSITION_NULL_ISLAND: _consider("The position is 0, 0: a device's way of not knowing."),
    Reason.POSITION_AXES_SWAPPED: _consider("Latitude and longitude look swapped."),
    Reason.POSITION_IMPRECISE: _consider("The position's accuracy radius is too large to say where the device is."),
    Reason.POSITION_STALE: _consider("The position is too old."),
    Reason.POSITION_IN_FUTURE: _consider("The position was taken in the future of the server's clock."),
    Reason.COUNTRY_NOT_ALLOWED: _rejected("The device is in a country that the policy does not allow."),
    Reason.FAR_FROM_DOCUMENT_REGION: _consider(
        "The device is far from the region of the document's number (a weak signal: people move)."
    ),
    Reason.FAR_FROM_PHONE_REGION: _consider("The device is far from the region where the number was first issued."),
    Reason.TIME_ZONE_DIFFERS: _consider("The device's clock zone is not the one of its position."),
    Reason.NAME_MATCHES_SIMPLIFIED: _consider(
        "The claimed name equals the document's in the other of traditional and simplified characters."
    ),
    Reason.NAME_MATCHES_PINYIN: _consider("The claimed name is the document's in pinyin, or the other way round."),
    Reason.ADDRESS_DIFFERS: _consider("The stated address lies in another city than the one printed on the document."),
    Reason.CLAIM_FROM_APPLICANT_ONLY: _consider(
        "Only the applicant's own device says this; neither the client nor the service saw it."
    ),
    Reason.PHONE_LINE_VOIP: _consider(
        "The phone number is an internet line, which costs nothing and ties to no place."
    ),
    Reason.PHONE_NOT_CONFIRMED: _unassessed(
        "The applicant has not shown that they hold the phone number.",
        "Please confirm your phone number with the code that we send you.",
    ),
    Reason.PHONE_CONFIRMATION_OLD: _consider(
        "It is too long ago that the applicant showed that they hold the phone number.",
        "Please confirm your phone number again.",
    ),
    Reason.PHONE_USED_BY_OTHERS: _consider("The phone number came with other identities before."),
    Reason.PHONE_CHANGED: _consider("The person came with another phone number the last time."),
    Reason.POSITION_NEAR_BORDER: _consider("The position is so near a border that it may lie in another country."),
    Reason.POSITION_DATUM_DOUBTFUL: _consider(
        "The position looks shifted as Chinese maps shift it (GCJ-02), though it was sent as WGS-84."
    ),
    Reason.FAR_FROM_PRINTED_ADDRESS: _consider(
        "The device is far from the address printed on the document (a weak signal: people move)."
    ),
    Reason.FAR_FROM_STATED_ADDRESS: _consider("The device is far from the address the applicant states."),
    Reason.FAR_FROM_IP: _consider("The device is far from where its network address is registered."),
    Reason.IP_COUNTRY_DIFFERS: _consider("The network address belongs to another country than the position."),
    Reason.FAR_FROM_PHOTO: _consider("A picture says that it was taken far from where the device says it is."),
    Reason.DEVICE_CLOCK_WRONG: _consider(
        "The device's clock is far from the service's.",
        "The clock of your phone is wrong. Please let it be set automatically.",
    ),
    Reason.DEVICE_CHANGED: _consider("The person came with another device the last time."),
    Reason.TRAVEL_IMPOSSIBLE: _consider(
        "Since an earlier attempt the person, phone or device would have travelled faster than anybody can."
    ),
    Reason.PERSON_MANY_ATTEMPTS: _consider("The same person was verified unusually often of late."),
    Reason.DOCUMENT_MANY_ATTEMPTS: _consider("The same document was used unusually often of late."),
    Reason.DOCUMENT_MANY_IDENTITIES: _consider("The same document came with several identities of late."),
    Reason.PHONE_MANY_ATTEMPTS: _consider("The same phone number was used unusually often of late."),
    Reason.PHONE_MANY_IDENTITIES: _consider("The same phone number came with several identities of late."),
    Reason.DEVICE_MANY_ATTEMPTS: _consider("The same device was used unusually often of late."),
    Reason.DEVICE_MANY_IDENTITIES: _consider("The same device came with several identities of late."),
    Reason.FACE_MANY_ATTEMPTS: _consider("The same face was verified unusually often of late."),
    Reason.FACE_MANY_IDENTITIES: _consider("The same face came with several identities of late."),
    Reason.AUTHORITY_CONTRADICTS: _rejected("An outside register says that the particulars are not this person's."),
    Reason.AUTHORITY_NOT_ON_RECORD: _consider("An outside register does not know the person."),
    Reason.AUTHORITY_UNREACHABLE: _unassessed("An outside register was asked and did not answer."),
    Reason.SANCTIONS_POSSIBLE_HIT: _consider("A list of sanctioned persons holds somebody of these particulars."),
    Reason.CROSS_CHECKS_TOO_FEW: _unassessed("Fewer independent outside checks are clear than the tier asks for."),
    Reason.SIGNALS_COMBINED: _consider("Several signals that mean little alone occur together."),
    Reason.NOT_PROVIDED: _unassessed("What this check needs was not provided."),
    Reason.NOT_MEASURED: _unassessed("No stage answered this check."),
    Reason.FACT_UNKNOWN: _unassessed("The data the service holds do not answer this."),
    Reason.STAGE_FAILED: _unassessed("The stage that should answer this failed."),
    Reason.DOCUMENT_NOT_READ: _unassessed("No document was read that this check could look at."),
    Reason.CAPTURE_MISSING: _unassessed("The capture this check needs was not sent."),
    Reason.CAPTURE_UNUSABLE: _unassessed("The capture this check needs is unusable and is to be taken again."),
    Reason.ATTEMPTS_EXHAUSTED: _consider("The applicant has used all attempts to take usable captures."),
}


def is_retake(reason: Reason) -> bool:
    """Whether ``reason`` says that the capture it was seen on is unusable."""
    return CATALOGUE[reason].retake
