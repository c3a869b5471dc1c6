"""ICAO 9303 families: TD1 (zone on the back), TD2, TD3, visas MRV-A and MRV-B, issued by invented designs of states."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from specimens.attack_protocol import Split
from specimens.families.protocol import BACK, FRONT, NO_ATTACK, DrawnSide
from specimens.families.travel_layout import Design, Format, data_page, design, zone_back
from specimens.people import mrz
from specimens.people.travellers import Traveller, traveller

MRZ_CHECK_DIGIT = "mrz_check_digit"
"""The attack: one check digit, or one digit guarded by one, was changed before printing."""

TD1 = Format("td1", 85.6, 54.0, 18.0, "IDENTITY CARD", (23.0, 29.5))
TD2 = Format("td2", 105.0, 74.0, 15.0, "IDENTITY CARD", (25.0, 32.0))
TD3 = Format("td3", 125.0, 88.0, 14.0, "PASSPORT", (33.0, 42.5))
MRV_A = Format("mrv_a", 120.0, 80.0, 14.0, "VISA", (29.0, 37.0), 0.5)
MRV_B = Format("mrv_b", 105.0, 74.0, 15.0, "VISA", (25.0, 32.0), 0.5)


@dataclass(frozen=True, slots=True)
class TravelDocument:
    """One issued document."""

    form: Format
    holder: Traveller
    look: Design
    lines: tuple[str, ...]
    split: Split
    seed: int

    def draw(self, side: str) -> DrawnSide:
        """The data page or front; a TD1 card's back with its zone."""
        rng = np.random.default_rng((self.seed, side == BACK))
        if side == BACK:
            return DrawnSide(zone_back(self.form, self.look, self.lines, self.split, rng), self._zone_truth())
        if self.form is TD1:
            return DrawnSide(data_page(self.form, self.holder, self.look, (), self.split, rng), self._front_truth())
        flat = data_page(self.form, self.holder, self.look, self.lines, self.split, rng)
        return DrawnSide(flat, {**self._front_truth(), **self._zone_truth()})

    def _front_truth(self) -> dict[str, str]:
        holder = self.holder
        return {
            "full_name": f"{holder.surname} {holder.given}".strip(), "sex": holder.sex,
            "date_of_birth": holder.born.isoformat(), "document_number": holder.number,
            "issuing_country": holder.state.iso, "nationality": holder.nationality.code,
            "valid_from": holder.issued.isoformat(), "valid_until": holder.expires.isoformat(),
        }  # fmt: skip

    def _zone_truth(self) -> dict[str, str]:
        """What the zone says: its own spelling of the name, which may be cut."""
        holder = self.holder
        name = self.lines[2] if len(self.lines) == 3 else self.lines[0][5:]
        return {
            "full_name": " ".join(name.replace("<", " ").split()), "sex": holder.sex,
            "date_of_birth": holder.born.isoformat(), "document_number": holder.number,
            "issuing_country": holder.state.iso, "nationality": holder.nationality.code,
            "valid_until": holder.expires.isoformat(), "mrz": "|".join(self.lines),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class TravelFamily:
    """A format and how its zone is composed."""

    name: str
    sides: tuple[str, ...]
    form: Format
    zone: Callable[[Traveller, np.random.Generator], tuple[str, ...]]
    own_attacks: tuple[str, ...] = (MRZ_CHECK_DIGIT,)

    def issue(self, rng: np.random.Generator, split: Split, attack: str = NO_ATTACK) -> TravelDocument:
        """A document of an invented traveller; under the attack its zone is not valid."""
        holder = traveller(rng, long_number=self.form is TD1 and rng.random() < 0.25)
        lines = self.zone(holder, rng)
        if attack == MRZ_CHECK_DIGIT:
            lines = mrz.with_one_wrong_character(lines, rng)
        return TravelDocument(self.form, holder, design(rng, split), lines, split, int(rng.integers(2**31)))


def _card_kind(rng: np.random.Generator) -> str:
    return str(rng.choice(("I", "ID", "IP", "AC", "C", "A")))


TRAVEL_FAMILIES = (
    TravelFamily("td1", (FRONT, BACK), TD1, lambda holder, rng: mrz.td1(holder, _card_kind(rng))),
    TravelFamily("td2", (FRONT,), TD2, lambda holder, rng: mrz.td2(holder, _card_kind(rng))),
    TravelFamily("td3", (FRONT,), TD3, lambda holder, _: mrz.td3(holder)),
    TravelFamily("mrv_a", (FRONT,), MRV_A, lambda holder, _: mrz.visa(holder, 44)),
    TravelFamily("mrv_b", (FRONT,), MRV_B, lambda holder, _: mrz.visa(holder, 36)),
)
