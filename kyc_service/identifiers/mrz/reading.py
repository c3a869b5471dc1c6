"""Reading a machine-readable zone: fields, dates, names and what its check digits say."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from kyc_service.domain.document import Sex
from kyc_service.domain.reasons import Reason
from kyc_service.identifiers.errors import InvalidIdentifier, MalformedIdentifier, WrongCheckDigit
from kyc_service.identifiers.mrz import dates
from kyc_service.identifiers.mrz.check_digits import FILLER, check_digit
from kyc_service.identifiers.mrz.layout import Layout, MrzFormat, Span, layout_of

_SEXES: Final = {"M": Sex.MALE, "F": Sex.FEMALE, "X": Sex.UNSPECIFIED, FILLER: Sex.UNSPECIFIED}
_FORMS: Final = {
    "document_code": re.compile(r"[A-Z][A-Z<]"),
    "issuing_state": re.compile(r"[A-Z]{1,3}<*"),
    "nationality": re.compile(r"[A-Z]{0,3}<*"),
    "name": re.compile(r"[A-Z][A-Z<]*"),
    "document_number": re.compile(r"[A-Z0-9][A-Z0-9<]*"),
    "sex": re.compile(r"[MFX<]"),
}


@dataclass(frozen=True, slots=True)
class CheckDigit:
    """One check digit: what the field asks for, what is printed, and whether that will do."""

    field: str
    expected: str
    printed: str
    is_ok: bool


@dataclass(frozen=True, slots=True)
class Mrz:
    """What a machine-readable zone says.

    Dates are ``None`` where they are unknown in part or cannot be read (then the field is
    among ``malformed``). ``optional_data`` is without its filler. Visas have no composite.
    """

    format: MrzFormat
    document_code: str
    issuing_state: str
    nationality: str
    surname: str
    given_names: str
    is_name_truncated: bool
    document_number: str
    date_of_birth: date | None
    sex: Sex
    date_of_expiry: date | None
    optional_data: tuple[str, ...]
    check_digits: tuple[CheckDigit, ...]
    malformed: tuple[str, ...]

    @property
    def failed(self) -> tuple[CheckDigit, ...]:
        """The check digits that are wrong."""
        return tuple(digit for digit in self.check_digits if not digit.is_ok)

    @property
    def composite(self) -> CheckDigit | None:
        """The digit over all checked fields, where the format has one."""
        return self.check_digit_of("composite")

    def check_digit_of(self, field: str) -> CheckDigit | None:
        """The check digit of ``field``, where the format has one."""
        return next((digit for digit in self.check_digits if digit.field == field), None)


def compact(lines: Sequence[str]) -> tuple[str, ...]:
    """The lines without spaces, in capitals.

    >>> compact(["p<uto eriksson "])
    ('P<UTOERIKSSON',)
    """
    return tuple("".join(line.split()).upper() for line in lines)


def format(lines: Sequence[str]) -> str:  # noqa: A001 - the verb every module of the field shares
    r"""The zone as printed, one line below the other.

    >>> format(["i<uto", "d23"])
    'I<UTO\nD23'
    """
    return "\n".join(compact(lines))


def parse(lines: Sequence[str], today: date) -> Mrz:
    """Read a zone. Wrong check digits and malformed fields are told, not raised.

    >>> zone = parse(
    ...     ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"],
    ...     date(2026, 1, 1),
    ... )
    >>> zone.surname, zone.given_names, zone.document_number, zone.failed
    ('ERIKSSON', 'ANNA MARIA', 'L898902C3', ())
    >>> parse(["P<UTOERIKSSON"], date(2026, 1, 1))
    Traceback (most recent call last):
        ...
    kyc_service.identifiers.errors.MalformedIdentifier: The identifier has not the form that its standard asks for.

    Raises:
        MalformedIdentifier: number, length or alphabet of the lines are of no format.
    """
    text = compact(lines)
    layout = layout_of(text)
    number, number_check, optional = _document_number(layout, text)
    birth, is_birth_bad = _read_date(dates.birth_date, layout.birth.of(text), today)
    expiry, is_expiry_bad = _read_date(dates.expiry_date, layout.expiry.of(text), today)
    surname, _, given_names = layout.name.of(text).strip(FILLER).partition(FILLER * 2)
    malformed = [*_malformed(layout, text)]
    malformed += ["date_of_birth"] * is_birth_bad + ["date_of_expiry"] * is_expiry_bad
    return Mrz(
        format=layout.format,
        document_code=layout.document_code.of(text).rstrip(FILLER),
        issuing_state=layout.issuing_state.of(text).rstrip(FILLER),
        nationality=layout.nationality.of(text).rstrip(FILLER),
        surname=_spaced(surname),
        given_names=_spaced(given_names),
        is_name_truncated=not layout.name.of(text).endswith(FILLER),
        document_number=number.replace(FILLER, ""),
        date_of_birth=birth,
        sex=_SEXES.get(layout.sex.of(text), Sex.UNSPECIFIED),
        date_of_expiry=expiry,
        optional_data=tuple(part for part in map(_spaced, optional) if part),
        check_digits=(_checked("document_number", number, number_check), *_other_check_digits(layout, text)),
        malformed=tuple(malformed),
    )


def problems(lines: Sequence[str], today: date) -> tuple[Reason, ...]:
    """Everything that is wrong with a zone, as reasons.

    >>> [str(r) for r in problems(["P<UTOERIKSSON"], date(2026, 1, 1))]
    ['mrz_malformed']
    """
    try:
        zone = parse(lines, today)
    except MalformedIdentifier:
        return (Reason.MRZ_MALFORMED,)
    wrong = {Reason.MRZ_MALFORMED: zone.malformed, Reason.MRZ_CHECK_DIGIT: zone.failed}
    return tuple(reason for reason, seen in wrong.items() if seen)


def validate(lines: Sequence[str], today: date) -> tuple[str, ...]:
    """The compact lines, when nothing is wrong with them.

    >>> validate(["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<7"], date(2026, 1, 1))
    Traceback (most recent call last):
        ...
    kyc_service.identifiers.errors.WrongCheckDigit: A check digit of the identifier is wrong.

    Raises:
        MalformedIdentifier: the zone or one of its fields has not the form.
        WrongCheckDigit: a check digit is wrong.
    """
    for reason in problems(lines, today):
        raise MalformedIdentifier if reason is Reason.MRZ_MALFORMED else WrongCheckDigit
    return compact(lines)


def is_valid(lines: Sequence[str], today: date) -> bool:
    """Whether nothing is wrong with a zone.

    >>> is_valid(["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"], date(2026, 1, 1))
    True
    """
    return not problems(lines, today)


def _document_number(layout: Layout, text: Sequence[str]) -> tuple[str, str, tuple[str, ...]]:
    """Number, its printed check digit, and the optional data that remain.

    A number of more than nine characters leaves filler where its check digit would stand
    and goes on, check digit last, in the optional data (part 5, note j).
    """
    number, printed = layout.number.of(text), layout.number_check.of(text)
    optional = tuple(span.of(text) for span in layout.optional)
    rest, _, remainder = optional[0].partition(FILLER)
    if not layout.has_long_numbers or printed != FILLER or number.endswith(FILLER) or not rest:
        return number, printed, optional
    return number + rest[:-1], rest[-1], (remainder, *optional[1:])


def _other_check_digits(layout: Layout, text: Sequence[str]) -> tuple[CheckDigit, ...]:
    fields: tuple[tuple[str, tuple[Span, ...], Span | None], ...] = (
        ("date_of_birth", (layout.birth,), layout.birth_check),
        ("date_of_expiry", (layout.expiry,), layout.expiry_check),
        ("optional_data", layout.optional, layout.optional_check),
        ("composite", layout.composite, layout.composite_check),
    )
    return tuple(
        _checked(name, "".join(span.of(text) for span in spans), check.of(text))
        for name, spans, check in fields
        if check
    )


def _checked(field: str, value: str, printed: str) -> CheckDigit:
    expected = check_digit(value)
    # An empty field's digit may itself be left empty (part 4, data element 43).
    is_empty = not value.strip(FILLER) and printed == FILLER
    return CheckDigit(field, expected, printed, is_ok=printed == expected or is_empty)


def _malformed(layout: Layout, text: Sequence[str]) -> list[str]:
    fields = {
        "document_code": layout.document_code,
        "issuing_state": layout.issuing_state,
        "nationality": layout.nationality,
        "name": layout.name,
        "document_number": layout.number,
        "sex": layout.sex,
    }
    return [name for name, span in fields.items() if not _FORMS[name].fullmatch(span.of(text))]


def _read_date(read: Callable[[str, date], date | None], text: str, today: date) -> tuple[date | None, bool]:
    try:
        return read(text, today), False
    except InvalidIdentifier:
        return None, True


def _spaced(text: str) -> str:
    return " ".join(text.replace(FILLER, " ").split())
