"""How often the same person, document, phone, device or face came of late."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from kyc_service.domain.catalogue.entry import consider, weak
from kyc_service.domain.reason_codes import Reason

VELOCITY: Final = MappingProxyType(
    {
        Reason.PERSON_MANY_ATTEMPTS: consider("The same person was verified unusually often of late."),
        Reason.DOCUMENT_MANY_ATTEMPTS: consider("The same document was used unusually often of late."),
        Reason.DOCUMENT_MANY_IDENTITIES: consider("The same document came with several identities of late."),
        Reason.PHONE_MANY_ATTEMPTS: consider("The same phone number was used unusually often of late."),
        Reason.PHONE_MANY_IDENTITIES: consider("The same phone number came with several identities of late."),
        Reason.DEVICE_MANY_ATTEMPTS: consider("The same device was used unusually often of late."),
        Reason.DEVICE_SHARED: weak(
            "The same device came with other identities of late (a weak signal: families share)."
        ),
        Reason.DEVICE_MANY_IDENTITIES: consider("The same device came with several identities of late."),
        Reason.FACE_MANY_ATTEMPTS: consider("The same face was verified unusually often of late."),
        Reason.FACE_MANY_IDENTITIES: consider("The same face came with several identities of late."),
    }
)
