"""Reading a payload: the card, its holder, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from kyc_service.domain.document import Sex
from kyc_service.domain.reasons import Reason
from kyc_service.identifiers.aamva.elements import Elements, split_elements
from kyc_service.identifiers.aamva.header import PROLOGUE, Header, header_deviations, read_header
from kyc_service.identifiers.aamva.jurisdictions import Jurisdiction, jurisdiction_of
from kyc_service.identifiers.aamva.names import Name, read_name
from kyc_service.identifiers.aamva.values import has_year_first, read_date, read_postal_code, read_sex
from kyc_service.identifiers.errors import MalformedIdentifier

# A PDF417 symbol holds 1,850 characters of text or 2,710 digits (ISO/IEC 15438, 5.1.1).
_LONGEST: Final = 2710
_BEFORE_FILE_TYPE: Final = re.compile(r"^.*?(?=ANSI |AAMVA)", re.DOTALL)
_COUNTRIES: Final = {"USA": "USA", "US": "USA", "CAN": "CAN", "CA": "CAN", "CDN": "CAN", "MEX": "MEX"}
_DATES: Final = {"date_of_birth": "DBB", "date_of_expiry": "DBA", "date_of_issue": "DBD"}
_IDENTITY_CARD: Final = "ID"
# Issuers repeat flags with other values; who the holder is, a card says once.
_SAID_ONCE: Final = frozenset({"DAQ", "DAA", "DCS", "DBA", "DBB"})


@dataclass(frozen=True, slots=True)
class Card:
    """What a payload says.

    ``jurisdiction`` is ``None`` for an issuer that AAMVA's list lacks; ``country`` is ISO
    3166-1 alpha-3. ``number`` is the customer number (DAQ), ``discriminator`` the
    document's own (DCF). Dates are ``None`` where they are absent or cannot be read.
    ``malformed`` names what breaks the standard so that the card cannot be genuine as it
    stands; ``deviations`` what issuers are known to do otherwise.
    """

    version: int
    jurisdiction: Jurisdiction | None
    country: str
    is_identity_card: bool
    number: str | None
    discriminator: str | None
    name: Name | None
    sex: Sex | None
    date_of_birth: date | None
    date_of_issue: date | None
    date_of_expiry: date | None
    street: str | None
    city: str | None
    region: str | None
    postal_code: str | None
    elements: Elements
    malformed: tuple[str, ...]
    deviations: tuple[str, ...]

    @property
    def address(self) -> str | None:
        """The address on one line, ``None`` where the card gives none."""
        parts = [self.street, self.city, " ".join(filter(None, (self.region, self.postal_code)))]
        return ", ".join(filter(None, parts)) or None


def decode(payload: bytes) -> str:
    r"""The payload's characters: ISO 8859-1 (D.3), or UTF-8 where an issuer uses that.

    >>> decode(b"DCSMU\xd1OZ"), decode("DCSMUÑOZ".encode())
    ('DCSMUÑOZ', 'DCSMUÑOZ')
    """
    try:
        return payload.decode("utf-8")
    except UnicodeDecodeError:
        return payload.decode("latin-1")


def compact(payload: str) -> str:
    r"""The payload as the standard begins it, without what scanners add at either end.

    >>> compact("]L2@\n\rANSI 636000010100DL\r\n  ")
    '@\n\x1e\rANSI 636000010100DL'
    """
    return _BEFORE_FILE_TYPE.sub(PROLOGUE, payload.strip(), count=1)


def parse(payload: str, today: date) -> Card:
    r"""Read a payload. Malformed and missing elements are told, not raised.

    >>> card = parse(
    ...     "@\n\x1e\rANSI 636000100101DL00310084DLDAQT64235789\nDCSSAMPLE\nDACMICHAEL\nDADJOHN\n"
    ...     "DBB06061986\nDBA12102034\nDBC1\nDAJVA\nDCGUSA\r",
    ...     date(2026, 1, 1),
    ... )
    >>> card.number, card.name.full, card.date_of_birth, card.jurisdiction.name, card.malformed
    ('T64235789', 'SAMPLE MICHAEL JOHN', datetime.date(1986, 6, 6), 'Virginia', ())
    >>> parse("DAQT64235789", date(2026, 1, 1))
    Traceback (most recent call last):
        ...
    kyc_service.identifiers.errors.MalformedIdentifier: The identifier has not the form that its standard asks for.

    Raises:
        MalformedIdentifier: it is too long, its header cannot be read, or no element follows.
    """
    if len(payload) > _LONGEST:
        raise MalformedIdentifier
    header = read_header(payload)
    elements = split_elements(payload[header.end :])
    if not elements.values:
        raise MalformedIdentifier
    return _card(payload, header, elements, today)


def problems(payload: str, today: date) -> tuple[Reason, ...]:
    """Everything that is wrong with a payload, as reasons.

    >>> [str(r) for r in problems("no barcode of a licence", date(2026, 1, 1))]
    ['barcode_malformed']
    """
    try:
        card = parse(payload, today)
    except MalformedIdentifier:
        return (Reason.BARCODE_MALFORMED,)
    return (Reason.BARCODE_MALFORMED,) if card.malformed else ()


def validate(payload: str, today: date) -> str:
    """The compact payload, when nothing is wrong with it.

    Raises:
        MalformedIdentifier: the payload or one of its elements breaks the standard.
    """
    if problems(payload, today):
        raise MalformedIdentifier
    return compact(payload)


def is_valid(payload: str, today: date) -> bool:
    """Whether nothing is wrong with a payload.

    >>> is_valid("", date(2026, 1, 1))
    False
    """
    return not problems(payload, today)


def _card(payload: str, header: Header, elements: Elements, today: date) -> Card:
    jurisdiction = jurisdiction_of(header.iin)
    country = _country(elements, jurisdiction)
    year_first = has_year_first(header.version, country)
    dates = {name: read_date(elements.get(element) or "", year_first=year_first) for name, element in _DATES.items()}
    born, expires, issued = (day for day, _ in dates.values())
    name = read_name(elements)
    malformed = {
        "issuer": jurisdiction is None,
        "number": elements.get("DAQ") is None,
        "name": name is None,
        "repeated": not _SAID_ONCE.isdisjoint(elements.repeated),
        **{field: not is_read for field, is_read in _dates_read(elements, born, expires, issued).items()},
        "date_of_birth_ahead": born is not None and born > today,
        "dates_out_of_order": list(_in_order(born, issued, expires)) != sorted(_in_order(born, issued, expires)),
    }
    deviations = (
        *header_deviations(payload, header),
        *(f"{field}_order" for field, (_, is_in_order) in dates.items() if not is_in_order),
    )
    return Card(
        version=header.version,
        jurisdiction=jurisdiction,
        country=country,
        is_identity_card=_IDENTITY_CARD in (header.designators[0].type, *elements.types[:1]),
        number=elements.get("DAQ"),
        discriminator=elements.get("DCF"),
        name=name,
        sex=read_sex(elements.get("DBC")),
        date_of_birth=born,
        date_of_issue=issued,
        date_of_expiry=expires,
        street=elements.get("DAG", "DAL"),
        city=elements.get("DAI", "DAN"),
        region=elements.get("DAJ", "DAO"),
        postal_code=read_postal_code(elements.get("DAK", "DAP"), country),
        elements=elements,
        malformed=tuple(what for what, is_so in malformed.items() if is_so),
        deviations=deviations,
    )


def _country(elements: Elements, jurisdiction: Jurisdiction | None) -> str:
    """As the card says (DCG, from version 2), else by its issuer; most issuers are American."""
    said = _COUNTRIES.get((elements.get("DCG") or "").upper())
    return said or (jurisdiction.country if jurisdiction else "USA")


def _dates_read(elements: Elements, born: date | None, expires: date | None, issued: date | None) -> dict[str, bool]:
    """Which dates are in order: of birth there must be one; others may say NONE, but nothing unreadable."""
    return {
        "date_of_birth": born is not None,
        "date_of_expiry": expires is not None or (elements.get("DBA") is None and "DBA" in elements.values),
        "date_of_issue": issued is not None or elements.get("DBD") is None,
    }


def _in_order(*days: date | None) -> Iterator[date]:
    return (day for day in days if day is not None)
