"""Invented holders of North American licences, and the payload of their barcodes.

The payload is composed here and not by the service: a specimen made with the service's own
reading of the standard could not show a mistake in it.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from specimens.people.chinese import TODAY

_SURNAMES = ("SAMPLE", "MARLOWE", "ASHBY", "O'CONNOR", "SMITH-WESSEX", "GARCIA LOPEZ", "NOVAK", "NGUYEN", "LINDQVIST",
             "DE LA CRUZ", "OKAFOR", "HU", "VENKATANARASIMHARAJU", "PAPADOPOULOS")  # fmt: skip
_GIVEN = {
    "M": ("MICHAEL JOHN", "JAMES", "ANTONIO LUIS", "WEI", "BARTHOLOMEW", "OLE MAGNUS", "ARJUN"),
    "F": ("JANE MARY", "HARRIET", "ANNA MARIA", "LINH", "ALEXANDRA", "NGOZI RUTH", "BO"),
}
_STREETS = ("SAMPLE STREET", "EXAMPLE AVE", "SPECIMEN RD", "EXAMPLE BLVD APT 4", "SAMPLE LN")
_TOWNS = ("SAMPLETON", "EXAMPLEVILLE", "LAKE SPECIMEN", "NEW EXAMPLE")
_FIRST_WITH_THREE_NAMES = 4
_LETTERS = "ABCDEFGHJKLMNPRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class Issuer:
    """A jurisdiction: its issuer number, code and name, and how its licence numbers look (L a letter, N a digit)."""

    iin: str
    code: str
    name: str
    country: str
    number_form: str


ISSUERS = (
    Issuer("636000", "VA", "VIRGINIA", "USA", "LNNNNNNNN"),
    Issuer("636014", "CA", "CALIFORNIA", "USA", "LNNNNNNN"),
    Issuer("636015", "TX", "TEXAS", "USA", "NNNNNNNN"),
    Issuer("636010", "FL", "FLORIDA", "USA", "LNNN-NNN-NN-NNN-N"),
    Issuer("636003", "MD", "MARYLAND", "USA", "L-NNN-NNN-NNN-NNN"),
    Issuer("636033", "AL", "ALABAMA", "USA", "NNNNNNN"),
    Issuer("636012", "ON", "ONTARIO", "CAN", "LNNNN-NNNNN-NNNNN"),
    Issuer("636028", "BC", "BRITISH COLUMBIA", "CAN", "NNNNNNN"),
)


@dataclass(frozen=True, slots=True)
class Driver:
    """What a licence prints. Sex is M, F or X."""

    issuer: Issuer
    version: int
    family: str
    given: str
    sex: str
    born: date
    issued: date
    expires: date
    number: str
    street: str
    town: str
    postal_code: str
    discriminator: str

    @property
    def full_name(self) -> str:
        """Family name, then given names."""
        return f"{self.family} {self.given}"

    @property
    def address(self) -> str:
        """Street, town, state and postal code."""
        return f"{self.street}, {self.town}, {self.issuer.code} {self.postal_code}"

    def printed(self, day: date) -> str:
        """A date as the jurisdiction's country prints it."""
        return f"{day:%Y/%m/%d}" if self.issuer.country == "CAN" else f"{day:%m/%d/%Y}"


def driver(rng: np.random.Generator) -> Driver:
    """An invented driver of 18 to 85 with a licence in force."""
    issuer = ISSUERS[int(rng.integers(len(ISSUERS)))]
    sex = str(rng.choice(("M", "F", "M", "F", "M", "F", "X")))
    born = TODAY - timedelta(days=int(rng.integers(18 * 366, 85 * 365)))
    issued = TODAY - timedelta(days=int(rng.integers(1, 4 * 365)))
    postal = f"{rng.integers(10000, 99999)}" if issuer.country == "USA" else _filled("LNL NLN", rng)
    return Driver(
        issuer=issuer, version=int(rng.choice((1, 3, 4, 8, 9, 10, 10))), family=str(rng.choice(_SURNAMES)),
        given=str(rng.choice(_GIVEN["F" if sex == "F" else "M"])), sex=sex, born=born, issued=issued,
        expires=issued + timedelta(days=int(rng.integers(4, 9)) * 365), number=_filled(issuer.number_form, rng),
        street=f"{rng.integers(1, 9999)} {rng.choice(_STREETS)}", town=str(rng.choice(_TOWNS)), postal_code=postal,
        discriminator=_filled("NNNNNNNNNNNNNNNN", rng),
    )  # fmt: skip


def payload(person: Driver) -> str:
    """The symbol's text: header, one DL subfile with the right offset and length, elements as the version has them."""
    elements = [
        ("DAQ", person.number),
        *_name(person),
        *_dates(person),
        ("DBC", {"M": "1", "F": "2", "X": "9"}[person.sex]),
    ]
    elements += [("DAG", person.street), ("DAI", person.town), ("DAJ", person.issuer.code), ("DAK", _padded(person))]
    if person.version > 1:
        elements += [("DCF", person.discriminator), ("DCG", person.issuer.country)]
    subfile = "DL" + "\n".join(name + value for name, value in elements) + "\r"
    entries = "01" if person.version == 1 else "0101"
    header = f"@\n\x1e\rANSI {person.issuer.iin}{person.version:02d}{entries}"
    return f"{header}DL{len(header) + 10:04d}{len(subfile):04d}{subfile}"


def with_one_other_digit(number: str, rng: np.random.Generator) -> str:
    """The number with one of its digits replaced by one that does not look like it."""
    at = int(rng.choice([i for i, character in enumerate(number) if character.isdigit()]))
    others = [digit for digit in "2345679" if digit != number[at]]
    return number[:at] + str(rng.choice(others)) + number[at + 1 :]


def _name(person: Driver) -> list[tuple[str, str]]:
    first, _, middle = person.given.partition(" ")
    if person.version == 1:
        return [("DAA", f"{person.family},{first},{middle},")]
    if person.version < _FIRST_WITH_THREE_NAMES:
        return [("DCS", person.family), ("DCT", ",".join(part for part in (first, middle) if part))]
    return [("DCS", person.family), ("DDE", "N"), ("DAC", first), ("DDF", "N"), ("DAD", middle or "NONE"), ("DDG", "N")]


def _dates(person: Driver) -> list[tuple[str, str]]:
    form = "%Y%m%d" if person.version == 1 or person.issuer.country == "CAN" else "%m%d%Y"
    days = (("DBB", person.born), ("DBA", person.expires), ("DBD", person.issued))
    return [(name, day.strftime(form)) for name, day in days]


def _padded(person: Driver) -> str:
    return (person.postal_code + "0000" if person.issuer.country == "USA" else person.postal_code).ljust(11)


def _filled(form: str, rng: np.random.Generator) -> str:
    kinds = {"L": _LETTERS, "N": "0123456789"}
    return "".join(str(rng.choice(list(kinds[character]))) if character in kinds else character for character in form)
