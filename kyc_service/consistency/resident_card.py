"""A Chinese resident card against itself: number and printed fields and, of a citizen's, front and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from kyc_service.consistency.ages import completed_years
from kyc_service.consistency.applicability import is_foreign_resident_card, is_resident_card, special_region
from kyc_service.consistency.issuing_place import is_known, places_of
from kyc_service.consistency.sources import captures_of, evidence_of, unread, weighed, without_document
from kyc_service.domain.checks import CheckName
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.domain.facts import RegionFact
from kyc_service.domain.measurements import Evidence, EvidenceValue, Finding, Measurement
from kyc_service.domain.reasons import Reason
from kyc_service.identifiers import cn_foreign_resident, gb11643
from kyc_service.identifiers.cn_foreign_resident import CardVersion, ForeignResidentNumber
from kyc_service.identifiers.errors import InvalidIdentifier
from kyc_service.identifiers.gb11643 import ResidentNumber

# Resident Identity Card Law, article 5: (from this age on, years of validity; None is long-term).
_TERMS: Final[tuple[tuple[int, int | None], ...]] = ((46, None), (26, 20), (16, 10), (0, 5))
# Articles 11 and 12: a card is issued within 60 days of the application, 90 in remote areas;
# the term goes by the age at application, which no card prints.
_LONGEST_ISSUE: Final = timedelta(days=90)
# Measures on residence permits of Hong Kong, Macau and Taiwan residents (State Council, 2018), article 6.
_RESIDENCE_PERMIT_YEARS: Final = 5
_CENTURY: Final = 100


def measure(document: DocumentReading | None, today: date, region: RegionFact | None = None) -> tuple[Measurement, ...]:
    """``document.data_consistency`` of a resident card; of a foreigner's, the number alone; of other documents, nothing.

    ``region`` is that of the card's number, where the data know it.
    """
    if document is None:
        return without_document(CheckName.NUMBER_CONSISTENCY, CheckName.FRONT_BACK_CONSISTENCY)
    if is_foreign_resident_card(document):
        return (_number(document, today),)
    if not is_resident_card(document):
        return ()
    return (_number(document, today), _front_back(document, region))


def _number(document: DocumentReading, today: date) -> Measurement:
    """Birth date and sex as printed against those in the number.

    Clear needs all that the number says; what is missing can hide no contradiction in the other.
    """
    check = CheckName.NUMBER_CONSISTENCY
    try:
        number = _parsed(document, today)
    except InvalidIdentifier:
        return unread(document, check, FieldName.ID_NUMBER)
    born, sex = document.date_of_birth, document.sex
    names = [FieldName.ID_NUMBER, FieldName.DATE_OF_BIRTH, *([FieldName.SEX] if number.sex else [])]
    wrong = {
        Reason.BIRTH_DATE_CONTRADICTS_NUMBER: born is not None and not _is_birth_date_of(number, born),
        Reason.SEX_CONTRADICTS_NUMBER: None not in (sex, number.sex) and sex is not number.sex,
    }
    reasons = tuple(reason for reason, is_wrong in wrong.items() if is_wrong)
    if not reasons and (born is None or (sex is None and number.sex is not None)):
        return unread(document, check, FieldName.DATE_OF_BIRTH if born is None else FieldName.SEX)
    evidence = evidence_of(
        document,
        names,
        printed_birth_date=born.isoformat() if born else None,
        number_birth_date=number.date_of_birth.isoformat(),
        printed_sex=sex.value if sex else None,
        number_sex=number.sex.value if number.sex else None,
    )
    return weighed(document, names, Finding(check, reasons, captures_of(document, *names), evidence))


def _parsed(document: DocumentReading, today: date) -> ResidentNumber | ForeignResidentNumber:
    reading = document.field(FieldName.ID_NUMBER)
    text = document.id_number or (reading.text if reading else "")
    return cn_foreign_resident.parse(text, today) if is_foreign_resident_card(document) else gb11643.parse(text)


def _is_birth_date_of(number: ResidentNumber | ForeignResidentNumber, born: date) -> bool:
    """Whether ``number`` gives ``born``. One of version 2017 does not say the century."""
    said = number.date_of_birth
    if isinstance(number, ForeignResidentNumber) and number.version is CardVersion.V2017:
        return (born.year % _CENTURY, born.month, born.day) == (said.year % _CENTURY, said.month, said.day)
    return born == said


def _front_back(document: DocumentReading, region: RegionFact | None) -> Measurement:
    """The period of validity on the back against the age that the front gives at issue; the authority against the address.

    What was not read of authority and address raises nothing: only the dates are needed for an answer.
    """
    check = CheckName.FRONT_BACK_CONSISTENCY
    names = [FieldName.DATE_OF_BIRTH, FieldName.VALID_FROM, FieldName.VALID_UNTIL]
    born, begin, until = document.date_of_birth, document.valid_from, document.valid_until
    if begin is None or (until is None and not document.valid_until_is_open):
        return unread(document, check, *names)
    if born is None:
        return unread(document, check, *names)
    terms = [_RESIDENCE_PERMIT_YEARS] if special_region(document) else list(dict.fromkeys(_lawful_terms(born, begin)))
    reasons = [] if any(_ends(begin, until, term) for term in terms) else [Reason.VALIDITY_CONTRADICTS_AGE]
    if _is_issued_elsewhere(document, region):
        reasons.append(Reason.SIDES_OF_DIFFERENT_DOCUMENTS)
        names += [FieldName.AUTHORITY, FieldName.ADDRESS]
    evidence = evidence_of(
        document,
        names,
        age_at_issue_years=completed_years(born, begin),
        valid_from=begin.isoformat(),
        valid_until=until.isoformat() if until else None,
        lawful_terms_years=["long-term" if term is None else term for term in terms],
    )
    evidence = _with_places(evidence, document, region)
    return weighed(document, names, Finding(check, tuple(reasons), captures_of(document, *names), evidence))


def _is_issued_elsewhere(document: DocumentReading, region: RegionFact | None) -> bool:
    """Whether neither the address nor the region of the number knows a place that the authority is named after.

    Without an address there is no telling: the number's region alone is where the holder once lived.
    """
    authority = document.field(FieldName.AUTHORITY)
    if authority is None or not document.address:
        return False
    return not is_known(authority.text, document.address, *_names_of(region))


def _names_of(region: RegionFact | None) -> tuple[str, ...]:
    if region is None:
        return ()
    return tuple(name for name in (region.province, region.city, region.county) if name)


def _with_places(evidence: Evidence, document: DocumentReading, region: RegionFact | None) -> Evidence:
    authority = document.field(FieldName.AUTHORITY)
    if authority is None:
        return evidence
    places: dict[str, EvidenceValue] = {
        "authority_places": list(places_of(authority.text)),
        "number_region": list(_names_of(region)),
    }
    return replace(evidence, values={**evidence.values, **places})


def _lawful_terms(born: date, begin: date) -> Iterator[int | None]:
    for applied in (begin, begin - _LONGEST_ISSUE):
        age = completed_years(born, applied)
        yield from [term for from_age, term in _TERMS if age >= from_age][:1]


def _ends(begin: date, until: date | None, term: int | None) -> bool:
    """Whether a card of ``term`` years ends then. From 29 February, the day before or after will do."""
    if until is None or term is None:
        return until is None and term is None
    is_same_day = (until.month, until.day) == (begin.month, begin.day)
    is_leap_day = (begin.month, begin.day) == (2, 29) and (until.month, until.day) in {(2, 28), (3, 1)}
    return until.year - begin.year == term and (is_same_day or is_leap_day)
