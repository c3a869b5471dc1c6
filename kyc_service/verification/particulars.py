"""What outside registers are asked about: what was read with certainty, or else what was claimed.

What was read without certainty is never sent as name or number: a register would
contradict a misreading, and the applicant would be held to it.
"""

from __future__ import annotations

from kyc_service.authorities.question import Particulars
from kyc_service.domain.claims import Claims
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.domain.facts import Facts, NameFact
from kyc_service.verification.lockout import compact_number
from kyc_service.verification.subjects import is_certain, person_numbers


def particulars_of(document: DocumentReading | None, claims: Claims, facts: Facts) -> Particulars:
    """Everything that may be asked about; each register is given only what it needs of it."""
    printed = None if document is None else document.full_name
    full_name = printed if is_certain(document, FieldName.FULL_NAME) else claims.full_name
    born = document.date_of_birth if document and is_certain(document, FieldName.DATE_OF_BIRTH) else None
    names = (printed, claims.full_name, *_spellings(facts.printed_name), *_spellings(facts.claimed_name))
    phone = facts.phone
    return Particulars(
        full_name=full_name,
        other_names=tuple(dict.fromkeys(name for name in names if name and name != full_name)),
        id_number=_number(document, claims),
        phone=phone.e164 if phone is not None and phone.is_valid else None,
        date_of_birth=born or claims.date_of_birth,
    )


def _number(document: DocumentReading | None, claims: Claims) -> str | None:
    numbers = person_numbers(document, claims)
    if document is not None and document.id_number and not is_certain(document, FieldName.ID_NUMBER):
        claimed = compact_number(claims.id_number or "")
        numbers = tuple(number for number in numbers if number == claimed)
    return numbers[0] if numbers else None


def _spellings(fact: NameFact | None) -> tuple[str, ...]:
    return () if fact is None else (fact.simplified, *fact.romanised)
