"""Reading a machine-readable zone: fields, dates, names and what its check digits say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from kyc_service.domain.document import Sex
from kyc_service.domain.reasons import Reason
from kyc_service.identifiers.errors import InvalidIdentifier, MalformedIdentifier, WrongCheckDigit
from kyc_service.identifiers.mrz import dates
from kyc_service.identifiers.mrz.check_digits import FILLER
from kyc_service.identifiers.mrz.checks import CheckDigit, check_digits_of
from kyc_service.identifiers.mrz.countries import is_nationality, issuing_country
from kyc_service.identifiers.mrz.form import malformed_fields
from kyc_service.identifiers.mrz.formats import layout_of
from kyc_service.identifiers.mrz.layout import Layout, MrzFormat, Span
from kyc_service.identifiers.mrz.number import document_number

_SEXES: Final = {"M": Sex.MALE, "F": Sex.FEMALE}


@dataclass(frozen=True, slots=True)
class Mrz:
    """What a machine-readable zone says.

    Dates are ``None`` where they are unknown in part or cannot be read (then the field is
    among ``malformed``), or where the format has none. ``optional_data`` is without its filler.
    ``is_name_truncated``: a name that fills its field must be taken for a truncated one. Visas
    have no composite.
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
    def unlisted_codes(self) -> tuple[str, ...]:
        """The fields whose code is no state's, organisation's or status's that part 3, section 5 lists.

        Their form is right, so they are not malformed: specimens carry such codes, and so does
        who is not listed yet. Whether to trust them is not the zone's question.
        """
        listed = {
            "issuing_state": issuing_country(self.issuing_state) is not None,
            "nationality": not self.nationality or is_nationality(self.nationality),
        }
        return tuple(field for field, is_listed in listed.items() if not is_listed)

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
    number = document_number(layout, text)
    birth, is_birth_bad = _read_date(dates.birth_date, layout.birth, text, today)
    expiry, is_expiry_bad = _read_date(dates.expiry_date, layout.expiry, text, today)
    surname, given_names = _names(layout, text)
    malformed = [*malformed_fields(layout, text)]
    malformed += ["date_of_birth"] * is_birth_bad + ["date_of_expiry"] * is_expiry_bad
    return Mrz(
        format=layout.format,
        document_code=layout.document_code.of(text).rstrip(FILLER),
        issuing_state=layout.issuing_state.of(text).rstrip(FILLER),
        nationality=layout.nationality.of(text).rstrip(FILLER) if layout.nationality else "",
        surname=_spaced(surname),
        given_names=_spaced(given_names),
        is_name_truncated=any(not span.of(text).endswith(FILLER) for span in layout.names),
        document_number=number.text.replace(FILLER, ""),
        date_of_birth=birth,
        sex=_SEXES.get(layout.sex.of(text), Sex.UNSPECIFIED),
        date_of_expiry=expiry,
        optional_data=tuple(part for part in map(_spaced, number.optional) if part),
        check_digits=check_digits_of(layout, text),
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


def _names(layout: Layout, text: Sequence[str]) -> tuple[str, str]:
    fields = [span.of(text) for span in layout.names]
    surname, _, given_names = fields[0].strip(FILLER).partition(FILLER * 2)
    return surname, given_names if len(fields) == 1 else fields[1]


def _read_date(
    read: Callable[[str, date], date | None], span: Span | None, text: Sequence[str], today: date
) -> tuple[date | None, bool]:
    if span is None:
        return None, False
    try:
        return read(span.of(text), today), False
    except InvalidIdentifier:
        return None, True


def _spaced(text: str) -> str:
    return " ".join(text.replace(FILLER, " ").split())
