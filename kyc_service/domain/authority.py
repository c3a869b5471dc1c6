"""Authorities: outside registers the bank may ask, and their answers as they came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Channel(StrEnum):
    """One outside register. Each is independent of the others: rules on account tiers count them."""

    CITIZEN_IDENTITY = "citizen_identity"
    CARRIER = "carrier"
    BANK_CARD = "bank_card"
    CREDIT_AGENCY = "credit_agency"
    SOCIAL_SECURITY = "social_security"
    TAX = "tax"
    EDUCATION = "education"
    SANCTIONS = "sanctions"


class Answer(StrEnum):
    """What a register says of name, number and whatever else it was asked."""

    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    NOT_ON_RECORD = "not_on_record"
    POSSIBLE_HIT = "possible_hit"


@dataclass(frozen=True, slots=True)
class AuthorityAnswer:
    """One register's answer; ``reference`` is its own, by which it can be asked about it years later.

    A list of sanctions answers ``NOT_ON_RECORD`` where nobody is found and ``POSSIBLE_HIT``
    where somebody is; the others confirm, contradict, or do not know.
    """

    channel: Channel
    answer: Answer
    reference: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AuthorityFailure:
    """A register that was asked and did not answer; ``cause`` is technical, without personal data."""

    channel: Channel
    cause: str
