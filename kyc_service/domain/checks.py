"""The check tree: every question the service can ask of a verification."""

from __future__ import annotations

from enum import StrEnum


class CheckName(StrEnum):
    """One question with one answer. The dots are the tree."""

    SUPPORTED_DOCUMENT = "document.image_integrity.supported_document"
    CAPTURE_QUALITY = "document.image_integrity.capture_quality"
    PORTRAIT_FOUND = "document.image_integrity.portrait_found"

    ID_NUMBER = "document.data_validation.id_number"
    MRZ = "document.data_validation.mrz"
    BARCODE = "document.data_validation.barcode"
    DOCUMENT_EXPIRATION = "document.data_validation.document_expiration"
    AGE = "document.data_validation.age"

    NUMBER_CONSISTENCY = "document.data_consistency.number"
    PRINTED_TEXT_CONSISTENCY = "document.data_consistency.printed_text"
    FRONT_BACK_CONSISTENCY = "document.data_consistency.front_back"

    ORIGINAL_DOCUMENT_PRESENT = "document.visual_authenticity.original_document_present"
    DIGITAL_TAMPERING = "document.visual_authenticity.digital_tampering"
    PORTRAIT_INTEGRITY = "document.visual_authenticity.portrait_integrity"

    NAME_COMPARISON = "document.data_comparison.full_name"
    DATE_OF_BIRTH_COMPARISON = "document.data_comparison.date_of_birth"
    ID_NUMBER_COMPARISON = "document.data_comparison.id_number"
    ADDRESS_COMPARISON = "document.data_comparison.address"
    DOCUMENT_TYPE_COMPARISON = "document.data_comparison.document_type"
    ISSUING_COUNTRY_COMPARISON = "document.data_comparison.issuing_country"

    LIVENESS_PASSIVE = "liveness.passive"
    LIVENESS_CHALLENGE = "liveness.challenge"
    CAPTURE_INTEGRITY = "liveness.capture_integrity"

    FACE_QUALITY = "face.quality"
    FACE_MATCH = "face.match"
    PORTRAIT_REUSED = "face.portrait_reused"
    KNOWN_FACES = "face.known_faces"

    PHONE_VALID = "phone.valid"
    PHONE_LINE_TYPE = "phone.line_type"
    PHONE_POSSESSION = "phone.possession"
    PHONE_REGION_CONSISTENCY = "phone.region_consistency"
    PHONE_REUSE = "phone.reuse"

    POSITION_PLAUSIBLE = "geolocation.position_plausible"
    COUNTRY_ALLOWED = "geolocation.country_allowed"
    DISTANCE_DOCUMENT_REGION = "geolocation.distance_document_region"
    DISTANCE_PHONE_REGION = "geolocation.distance_phone_region"
    DISTANCE_PRINTED_ADDRESS = "geolocation.distance_printed_address"
    DISTANCE_STATED_ADDRESS = "geolocation.distance_stated_address"
    DISTANCE_IP = "geolocation.distance_ip"
    DISTANCE_PHOTO = "geolocation.distance_photo"
    TIME_ZONE = "geolocation.time_zone"
    DEVICE_CLOCK = "geolocation.device_clock"
    IMPOSSIBLE_TRAVEL = "geolocation.impossible_travel"

    VELOCITY_PERSON = "velocity.person"
    VELOCITY_DOCUMENT = "velocity.document"
    VELOCITY_PHONE = "velocity.phone"
    VELOCITY_DEVICE = "velocity.device"
    VELOCITY_FACE = "velocity.face"

    AUTHORITY_CITIZEN_IDENTITY = "authority.citizen_identity"
    AUTHORITY_CARRIER = "authority.carrier"
    AUTHORITY_BANK_CARD = "authority.bank_card"
    AUTHORITY_CREDIT_AGENCY = "authority.credit_agency"
    AUTHORITY_SOCIAL_SECURITY = "authority.social_security"
    AUTHORITY_TAX = "authority.tax"
    AUTHORITY_EDUCATION = "authority.education"
    AUTHORITY_SANCTIONS = "authority.sanctions"

    CROSS_CHECKS = "policy.cross_checks"
    COMBINATIONS = "policy.combinations"

    @property
    def parent(self) -> str:
        """The branch this check hangs on.

        >>> CheckName.MRZ.parent
        'document.data_validation'
        """
        return self.value.rpartition(".")[0]
