"""The consent document: the JSON form of consent, as it is sent and as it is kept.

It is kept as plain JSON beside the verification, since it holds nothing personal: what was
agreed to and when, in codes. So its texts take no free words.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from kyc_service.domain.claims import ClaimSource
from kyc_service.domain.consent import Consent, ConsentPurpose
from kyc_service.verification.claims_document import Time

TextVersion = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/+-]{0,63}$")]
Locale = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]


class ConsentDocument(BaseModel):
    """What the applicant agreed to."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    text_version: TextVersion = Field(description="which words were shown: a version of yours", examples=["2026-01"])
    locale: Locale = Field(description="the language they were shown in, BCP 47", examples=["zh-CN"])
    purposes: list[ConsentPurpose] = Field(
        min_length=1,
        max_length=len(ConsentPurpose),
        description="what was agreed to; without `enrolment` no face is kept to know the person again",
        examples=[["verification"]],
    )
    given_at: Time | None = Field(default=None, description="when the applicant agreed, where you know it")

    def to_domain(self, said_by: ClaimSource, received_at: datetime) -> Consent:
        """The same as a frozen value, as ``said_by`` tells of it and as it came in at ``received_at``."""
        return Consent(
            text_version=self.text_version,
            locale=self.locale,
            purposes=frozenset(self.purposes),
            said_by=said_by,
            received_at=received_at,
            given_at=self.given_at,
        )


class KeptConsent(ConsentDocument):
    """Consent as it is kept and answered: with who told of it, and when it came in by the service's clock."""

    said_by: ClaimSource
    received_at: AwareDatetime


def consent_to_json(consent: Consent) -> dict[str, Any]:
    """``consent`` in the form it is kept in."""
    values = {name: getattr(consent, name) for name in KeptConsent.model_fields}
    return KeptConsent(**{**values, "purposes": sorted(consent.purposes)}).model_dump(mode="json", exclude_none=True)


def consent_from_json(kept: Mapping[str, Any]) -> Consent:
    """What :func:`consent_to_json` was given."""
    document = KeptConsent.model_validate(kept)
    return document.to_domain(document.said_by, document.received_at)
