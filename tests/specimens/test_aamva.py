"""Drawn licences say in print, in the manifest and in their symbol what the holder's data say."""

from datetime import date

import numpy as np
import pytest

from kyc_service.identifiers import aamva
from kyc_service.inference.barcode import ZxingBarcodeReader
from specimens.attack_protocol import Split
from specimens.families.aamva import BARCODE_MISMATCH, Aamva, Licence
from specimens.families.protocol import BACK, FRONT, NO_ATTACK

TODAY = date(2026, 11, 23)


def issued(seed: int, attack: str = NO_ATTACK) -> Licence:
    return Aamva().issue(np.random.default_rng(seed), Split.TEST, attack)


@pytest.mark.parametrize("seed", range(40))
def test_every_payload_keeps_the_standard_and_says_what_the_manifest_says(seed: int) -> None:
    licence = issued(seed)
    card, person = aamva.parse(licence.barcode, TODAY), licence.holder
    assert (card.malformed, card.deviations) == ((), ())
    assert card.name is not None
    assert (card.number, card.name.full, card.address) == (person.number, person.full_name, person.address)
    assert (card.date_of_birth, card.date_of_issue, card.date_of_expiry) == (person.born, person.issued, person.expires)
    assert card.sex is not None
    assert (card.sex.value, card.country) == (person.sex, person.issuer.country)


@pytest.mark.parametrize("seed", range(3))
def test_under_the_attack_the_front_has_another_digit(seed: int) -> None:
    licence = issued(seed, BARCODE_MISMATCH)
    number = aamva.parse(licence.barcode, TODAY).number
    assert number is not None
    assert sum(a != b for a, b in zip(number, licence.holder.number, strict=True)) == 1
    assert licence.draw(FRONT).truth["document_number"] == licence.holder.number


@pytest.mark.parametrize("seed", [0, 1])
def test_the_symbol_on_the_back_is_read(seed: int) -> None:
    back = issued(seed).draw(BACK)
    (found,) = ZxingBarcodeReader().find_pdf417(np.ascontiguousarray(back.flat.pixels[..., ::-1]))
    text = aamva.decode(found.payload)
    assert text == issued(seed).barcode
    assert text.encode("unicode_escape").decode("ascii") == back.truth["barcode"]
    assert (
        back.flat.boxes["barcode"].left
        <= found.quad[:, 0].min()
        <= found.quad[:, 0].max()
        <= back.flat.boxes["barcode"].right
    )


def test_the_front_has_boxes_for_what_it_prints() -> None:
    front = issued(3).draw(FRONT)
    assert {*front.truth} - {"issuing_country"} | {"portrait"} == set(front.flat.boxes)
    assert (front.flat.pixels == issued(3).draw(FRONT).flat.pixels).all()
