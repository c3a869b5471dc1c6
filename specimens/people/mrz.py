"""Machine readable zones of ICAO 9303 (parts 4, 5, 6, 7), composed for the generator alone."""

import numpy as np

from specimens.people.numbers import mrz_check_digit
from specimens.people.travellers import Traveller

FILLER = "<"
_LETTERS = {
    "Ä": "AE", "Ö": "OE", "Ü": "UE", "ß": "SS", "Å": "AA", "Ø": "OE", "Æ": "AE", "Ñ": "N", "Ç": "C", "É": "E", "È": "E", "Ê": "E",
    "Ë": "E", "Á": "A", "À": "A", "Ó": "O", "Ò": "O", "Í": "I", "Ú": "U", "Ł": "L", "Ş": "S", "Ğ": "G", "İ": "I", "'": "",
    "-": "<", " ": "<",
}  # fmt: skip
"""Part of the transliteration of ICAO 9303-3, section 6."""


def td3(holder: Traveller) -> tuple[str, ...]:
    """Passport: two lines of 44.

    >>> from specimens.people.travellers import Traveller
    >>> from specimens.people.states import STATES
    >>> from datetime import date
    >>> td3(Traveller(STATES[0], STATES[0], "ERIKSSON", "ANNA MARIA", "F", date(1974, 8, 12), "", "L898902C3",
    ...               "ZE184226B", date(2002, 4, 15), date(2012, 4, 15)))
    ('P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10')
    """
    number, born, expires = _field(holder.number, 9), f"{holder.born:%y%m%d}", f"{holder.expires:%y%m%d}"
    personal = _field(holder.personal_number, 14)
    personal += mrz_check_digit(personal) if holder.personal_number else FILLER
    numbered = number + mrz_check_digit(number)
    dated = born + mrz_check_digit(born)
    ending = expires + mrz_check_digit(expires) + personal
    first = f"P{FILLER}{_field(holder.state.code, 3)}{names(holder, 39)}"
    composite = mrz_check_digit(numbered + dated + ending)
    return first, f"{numbered}{_field(holder.nationality.code, 3)}{dated}{_sex(holder)}{ending}{composite}"


def td1(holder: Traveller, kind: str = "I") -> tuple[str, ...]:
    """Card: three lines of 30. A number of more than nine characters goes on in the optional data (9303-5, 4.2.2)."""
    number, born, expires = holder.number, f"{holder.born:%y%m%d}", f"{holder.expires:%y%m%d}"
    if len(number) > 9:
        first = f"{number[:9]}{FILLER}{number[9:]}{mrz_check_digit(number)}{FILLER}"
    else:
        padded = _field(number, 9)
        first = padded + mrz_check_digit(padded)
    room = 25 - len(first)
    first = _field(first + (holder.personal_number if len(holder.personal_number) <= room else ""), 25)
    dated = born + mrz_check_digit(born)
    ended = expires + mrz_check_digit(expires)
    optional = FILLER * 11
    composite = mrz_check_digit(first + dated + ended + optional)
    line = f"{dated}{_sex(holder)}{ended}{_field(holder.nationality.code, 3)}{optional}{composite}"
    return f"{_field(kind, 2)}{_field(holder.state.code, 3)}{first}", line, names(holder, 30)


def td2(holder: Traveller, kind: str = "I") -> tuple[str, ...]:
    """Card: two lines of 36."""
    number, born, expires = _field(holder.number, 9), f"{holder.born:%y%m%d}", f"{holder.expires:%y%m%d}"
    numbered = number + mrz_check_digit(number)
    dated = born + mrz_check_digit(born)
    optional = _field(holder.personal_number if len(holder.personal_number) <= 7 else "", 7)
    ending = expires + mrz_check_digit(expires) + optional
    composite = mrz_check_digit(numbered + dated + ending)
    first = f"{_field(kind, 2)}{_field(holder.state.code, 3)}{names(holder, 31)}"
    return first, f"{numbered}{_field(holder.nationality.code, 3)}{dated}{_sex(holder)}{ending}{composite}"


def visa(holder: Traveller, width: int) -> tuple[str, ...]:
    """MRV-A (44) or MRV-B (36): no composite check digit."""
    number, born, expires = _field(holder.number, 9), f"{holder.born:%y%m%d}", f"{holder.expires:%y%m%d}"
    first = f"V{FILLER}{_field(holder.state.code, 3)}{names(holder, width - 5)}"
    second = (
        f"{number}{mrz_check_digit(number)}{_field(holder.nationality.code, 3)}{born}{mrz_check_digit(born)}{_sex(holder)}"
        f"{expires}{mrz_check_digit(expires)}"
    )
    return first, _field(second + holder.personal_number[: width - 28], width)


def names(holder: Traveller, room: int) -> str:
    """Surname, two fillers, given names; cut so that the given names keep at least a letter (9303-3, 4.6).

    A name that must be cut loses letters of the longer part first.
    """
    surname, given = latin(holder.surname), latin(holder.given)
    if not given:
        return _field(surname[:room], room)
    if len(surname) + 2 + len(given) > room:
        surname = surname[: max(room - 2 - len(given), room - 2 - room // 3)].rstrip(FILLER)
        given = given[: room - 2 - len(surname)]
    return _field(f"{surname}{FILLER * 2}{given}", room)


def latin(name: str) -> str:
    """The letters A to Z and fillers of a name.

    >>> latin("MÜLLER-O'NEIL"), latin("ÅKESSON"), latin("VAN DER BERG")
    ('MUELLER<ONEIL', 'AAKESSON', 'VAN<DER<BERG')
    """
    return "".join(_LETTERS.get(letter, letter) for letter in name)


def with_one_wrong_character(lines: tuple[str, ...], rng: np.random.Generator) -> tuple[str, ...]:
    """One check digit replaced by another, or one digit that a check digit guards altered: no longer valid.

    Only places that a check digit covers are altered: in the second line (first, for TD1's number) a digit.
    """
    row = 0 if len(lines) == 3 and rng.random() < 0.4 else 1
    line = lines[row]
    guarded = (
        range(5, 15) if row == 0 else (range(15) if len(lines) == 3 else [*range(10), *range(13, 20), *range(21, 28)])
    )
    places = [i for i in guarded if line[i].isdigit()]
    place = places[int(rng.integers(len(places)))]
    other = (int(line[place]) + int(rng.integers(1, 10))) % 10
    changed = f"{line[:place]}{other}{line[place + 1 :]}"
    return tuple(changed if i == row else same for i, same in enumerate(lines))


def _field(text: str, width: int) -> str:
    return text.ljust(width, FILLER)[:width]


def _sex(holder: Traveller) -> str:
    return FILLER if holder.sex == "X" else holder.sex
