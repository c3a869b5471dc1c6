"""Invented holders of travel documents, in Latin letters: short and long names, hyphens, apostrophes, national letters."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from specimens.people.chinese import TODAY
from specimens.people.states import STATES, State

_SURNAMES = (
    "MARLOWE", "ASHBY", "ERIKSSON", "NOVAK", "DA SILVA", "VAN DER BERG", "O'CONNOR", "SMITH-WESSEX", "NAKAMURA", "WANG", "LI", "KIM",
    "GARCIA LOPEZ", "MÜLLER", "SØRENSEN", "ÅKESSON", "DUBOIS", "ROSSI", "KOWALSKA", "PAPADOPOULOS", "OKAFOR", "MBEKI", "AL-RASHID",
    "TRAN", "NGUYEN", "SANTOS", "FERREIRA", "IVANOV", "HORVATH", "LINDQVIST", "BJÖRNSDOTTIR", "OYELARAN", "SUKARNOPUTRA", "D'ANGELO",
    "VENKATANARASIMHARAJUVARIPETA", "WOLFESCHLEGELSTEINHAUSEN", "PAPANDROPOULOUS", "HU", "ÇELIK", "ŁUKASZEWICZ", "STRAßER",
)  # fmt: skip
_GIVEN = {
    "M": ("JAMES", "OLE", "PAWEŁ", "JOSÉ", "HIROSHI", "WEI", "MINH", "AHMED", "JEAN-PIERRE", "LARS", "IGOR", "CHIDI", "ARJUN", "NICO",
          "BARTHOLOMEW", "JÜRGEN", "ANTÓNIO", "CONSTANTIN", "LI", "MAXIMILIAN ALEXANDER"),
    "F": ("HARRIET", "JUNE", "ANNA MARIA", "INGRID", "YUKI", "FANG", "LINH", "FATIMA", "MARIE-CLAIRE", "SIGRID", "OLGA", "NGOZI",
          "PRIYA", "CHIARA", "WILHELMINA", "ZOË", "INÊS", "ALEXANDRA", "BO", "ELISABETH CHARLOTTE"),
}  # fmt: skip
_NUMBERED = ("BEL", "CZE", "ESP", "NLD")
"""States whose zones carry a national number with a rule of its own, which an invented one would break."""
_TOWNS = (
    "NELSON",
    "EXAMPLEHAM",
    "SAMPLETON",
    "NORDBY",
    "VILLANOVA",
    "PORTO NOVO",
    "NEUSTADT",
    "SAINT-EXEMPLE",
    "KITA",
    "LAKESIDE",
)


@dataclass(frozen=True, slots=True)
class Traveller:
    """What a travel document prints. Sex is M, F or X; `personal_number` and `given` may be empty."""

    state: State
    nationality: State
    surname: str
    given: str
    sex: str
    born: date
    born_at: str
    number: str
    personal_number: str
    issued: date
    expires: date


def traveller(rng: np.random.Generator, *, long_number: bool = False) -> Traveller:
    """An invented person of an invented state's register; `long_number`: more than nine characters, as TD1 may have."""
    state = STATES[0] if rng.random() < 0.12 else STATES[int(rng.integers(len(STATES)))]
    nationality = state if rng.random() < 0.85 else STATES[int(rng.integers(len(STATES)))]
    sex = "X" if rng.random() < 0.04 else "MF"[int(rng.integers(2))]
    born = date(1940, 1, 1) + timedelta(days=int(rng.integers(68 * 365)))
    issued = date(2012, 1, 1) + timedelta(days=int(rng.integers((TODAY - date(2012, 1, 1)).days)))
    years = 10 if issued.year - born.year >= 18 else 5
    expires = issued + timedelta(days=365 * years + int(rng.integers(3)))
    return Traveller(
        state, nationality, _surname(rng), _given(rng, sex), sex, born, str(rng.choice(_TOWNS)),
        _number(rng, int(rng.integers(10, 15)) if long_number else 9), _personal(rng, state), issued, expires,
    )  # fmt: skip


def _surname(rng: np.random.Generator) -> str:
    surname = str(rng.choice(_SURNAMES))
    return f"{surname} {rng.choice(_SURNAMES)}" if rng.random() < 0.12 else surname


def _given(rng: np.random.Generator, sex: str) -> str:
    names = _GIVEN["MF"[int(rng.integers(2))] if sex == "X" else sex]
    count = int(rng.choice((0, 1, 2, 3), p=(0.03, 0.5, 0.35, 0.12)))
    return " ".join(str(name) for name in rng.choice(names, count, replace=False))


def _number(rng: np.random.Generator, length: int) -> str:
    """Letters first, then digits; now and then shorter than its field."""
    letters = "".join(chr(int(v)) for v in rng.integers(65, 91, int(rng.integers(0, 3))))
    length -= int(rng.random() < 0.15)
    digits = "".join(str(v) for v in rng.integers(0, 10, length - len(letters)))
    return letters + digits


def _personal(rng: np.random.Generator, state: State) -> str:
    if rng.random() < 0.5 or state.code in _NUMBERED:
        return ""
    return "".join(str(v) for v in rng.integers(0, 10, int(rng.integers(6, 12))))
