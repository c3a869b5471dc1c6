"""Reading a zone through a reader that says what it is told to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from kyc_service.documents.families.icao_mrz.zone import read_zone
from kyc_service.documents.families.protocol import Sign
from kyc_service.documents.finding.locate import whole_picture
from kyc_service.documents.reading.lines import Line, Page, Timings
from kyc_service.domain.captures import CaptureKind
from kyc_service.identifiers.mrz import Change, MrzFormat
from kyc_service.imaging.picture import Pixels
from kyc_service.inference.ocr import Character, Quad, TextLine
from tests.documents.samples import TODAY, picture_of

TD1 = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
TD3 = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
FIRST_TOP, PITCH, HEIGHT = 400, 70, 40


@dataclass(slots=True)
class Scripted:
    """Reads a strip by the brightness painted where its line stands; ``runners_up`` by (line, column)."""

    lines: Sequence[str]
    confidence: float = 0.99
    lost: frozenset[tuple[int, int]] = frozenset()
    runners_up: Mapping[tuple[int, int], tuple[tuple[str, float], ...]] = field(default_factory=dict)
    model_id: str = "scripted"
    looks: int = 0
    detected: tuple[Quad, ...] = ()

    def detect(self, pixels: Pixels, long_side_px: int) -> tuple[Quad, ...]:
        return self.detected

    def recognise(self, crops: Sequence[Pixels]) -> tuple[TextLine, ...]:
        self.looks += 1
        return tuple(self._line(int(np.median(crop))) for crop in crops)

    def _line(self, level: int) -> TextLine:
        index = level // 10 - 1
        if not 0 <= index < len(self.lines):
            return TextLine()
        text = self.lines[index]
        return TextLine(
            tuple(
                Character(c, self.confidence, (i + 0.5) / len(text), self.runners_up.get((index, i), ()))
                for i, c in enumerate(text)
                if (index, i) not in self.lost
            )
        )


def sign(reader: Scripted, *, detected: Sequence[int], told: int) -> Sign:
    """A page whose lines are painted in levels of grey, so that a crop tells which it is."""
    pixels = np.full((720, 1300, 3), 255, np.uint8)
    quads = []
    for index in range(len(reader.lines)):
        top = FIRST_TOP + index * PITCH
        pixels[top - 12 : top + HEIGHT + 12] = (index + 1) * 10
        quads.append(np.array([(50, top), (1250, top), (1250, top + HEIGHT), (50, top + HEIGHT)], np.float32))
    document = whole_picture(picture_of(pixels), CaptureKind.DOCUMENT_FRONT)
    reader.detected = tuple(quads[i] for i in detected)
    return Sign(Page.of(document, reader, Timings()), Line(quads[told]))


def test_a_zone_without_fault_is_read_once() -> None:
    reader = Scripted(TD3)
    zone = read_zone(sign(reader, detected=[0, 1], told=0), TODAY)
    assert (zone.lines, zone.is_sound, zone.problems, zone.changes) == (TD3, True, 0, ())
    assert reader.looks == 1


def test_a_line_that_was_not_detected_is_looked_for() -> None:
    for detected, told in (([0, 1], 0), ([1, 2], 1)):
        zone = read_zone(sign(Scripted(TD1), detected=detected, told=told), TODAY)
        assert zone.fields is not None
        assert (zone.lines, zone.fields.format) == (TD1, MrzFormat.TD1)


def test_a_single_line_finds_its_neighbour() -> None:
    assert read_zone(sign(Scripted(TD3), detected=[1], told=1), TODAY).lines == TD3


def test_a_card_without_its_last_line_has_no_form() -> None:
    zone = read_zone(sign(Scripted(TD1[:2]), detected=[0, 1], told=0), TODAY)
    assert (zone.fields, zone.is_sound, zone.problems) == (None, False, 99)


def test_print_above_a_zone_is_left_out() -> None:
    stray = "THEBEAREROFTHISPASSPORTISACITIZENOFUTOPIA"
    zone = read_zone(sign(Scripted((stray, *TD3)), detected=[0, 1, 2], told=1), TODAY)
    assert zone.lines == TD3


def test_a_wrong_check_digit_read_surely_stands() -> None:
    reader = Scripted((TD3[0], TD3[1][:9] + "7" + TD3[1][10:]))
    zone = read_zone(sign(reader, detected=[0, 1], told=0), TODAY)
    assert zone.fields is not None
    assert ([d.field for d in zone.fields.failed], zone.is_sound) == (["document_number", "composite"], True)
    assert reader.looks == 3


@pytest.mark.parametrize(("share", "is_sound"), [(1e-3, False), (1e-5, True)])
def test_a_runner_up_that_explains_wrong_digits_takes_the_certainty(share: float, *, is_sound: bool) -> None:
    """The number is LO98902C3 and was taken for L098902C3; its digits are those of the O."""
    second = "L098902C3" + "2UTO7408122F1204159ZE184226B<<<<<1"
    body = second[:10] + second[13:20] + second[21:43]
    weights = [0 if c == "<" else int(c, 36) for c in body.replace("L0", "LO", 1)]
    number = [int(c, 36) for c in "LO98902C3"]
    check = str(sum(v * (7, 3, 1)[i % 3] for i, v in enumerate(number)) % 10)
    weights[9] = int(check)
    composite = str(sum(v * (7, 3, 1)[i % 3] for i, v in enumerate(weights)) % 10)
    lines = (TD3[0], second[:9] + check + second[10:43] + composite)
    reader = Scripted(lines, runners_up={(1, 1): (("O", share),)})
    zone = read_zone(sign(reader, detected=[0, 1], told=0), TODAY)
    assert zone.problems > 0
    assert zone.is_sound is is_sound


def test_the_name_is_no_checked_row_but_on_the_french_card() -> None:
    card = read_zone(sign(Scripted(TD1), detected=[0, 1, 2], told=0), TODAY)
    assert (card.checked_rows, card.name_rows) == (card.rows[:2], card.rows[2:])
    french = ("IDFRABERTHIER<<<<<<<<<<<<<<<<<92C001", "9409923102854CORINNE<<<<<<<6512068F6")
    zone = read_zone(sign(Scripted(french), detected=[0, 1], told=0), TODAY)
    assert (zone.lines, zone.checked_rows) == (french, zone.rows)


def test_a_name_that_lost_letters_is_not_certain() -> None:
    reader = Scripted(TD3, lost=frozenset({(0, 7), (0, 8)}))
    zone = read_zone(sign(reader, detected=[0, 1], told=0), TODAY)
    assert zone.fields is not None
    assert (zone.fields.surname, zone.problems, zone.is_sound) == ("ERSSON", 0, False)


def test_look_alikes_by_type_are_reported() -> None:
    reader = Scripted((TD3[0], TD3[1].replace("740812", "74O812")))
    zone = read_zone(sign(reader, detected=[0, 1], told=0), TODAY)
    assert (zone.lines, zone.changes) == (TD3, (Change(1, 15, "O", "0"),))


def test_doubtful_characters_are_looked_at_again() -> None:
    reader = Scripted(TD3, confidence=0.6)
    zone = read_zone(sign(reader, detected=[0, 1], told=0), TODAY)
    assert (zone.lines, reader.looks) == (TD3, 3)


def test_nothing_read_is_nothing_known() -> None:
    zone = read_zone(sign(Scripted(("", "")), detected=[0, 1], told=0), TODAY)
    assert (zone.fields, zone.name_rows) == (None, zone.rows[:1])
