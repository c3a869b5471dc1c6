"""Check digits of GB 11643 and ICAO 9303, written for the generator alone.

The service has its own arithmetic; a specimen made with that could not show a mistake in it.
"""

from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHARACTERS = "10X98765432"
RESERVED_SEQUENCES = {"M": (997, 999), "F": (996, 998)}
"""GB 11643 keeps 996 to 999 for people over a hundred years old: nobody born on the drawn dates has such a number."""


def resident_number(region_code: str, born: date, sequence: int) -> str:
    """An 18-character number with its check character (ISO 7064 MOD 11-2); an odd sequence is a man's.

    >>> resident_number("110105", date(1949, 12, 31), 2)
    '11010519491231002X'
    """
    body = f"{region_code}{born:%Y%m%d}{sequence:03d}"
    return body + _CHARACTERS[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


def mrz_check_digit(field: str) -> str:
    """ICAO 9303-3, 4.9: weights 7, 3, 1; letters 10 to 35, filler 0.

    >>> mrz_check_digit("L898902C3"), mrz_check_digit("740812"), mrz_check_digit("120415")
    ('6', '2', '9')
    """
    values = (0 if character == "<" else int(character, 36) for character in field)
    return str(sum(value * (7, 3, 1)[i % 3] for i, value in enumerate(values)) % 10)
