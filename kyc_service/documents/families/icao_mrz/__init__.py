"""Documents with a machine-readable zone by ICAO Doc 9303: passports, identity cards, visas.

Every value comes from the zone, so every field stands where the zone stands. The text
around it is kept as it was read, to be held against the zone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kyc_service.documents.families.icao_mrz.alphabet import in_zone
from kyc_service.documents.families.icao_mrz.zone import MrzZone, read_zone
from kyc_service.documents.families.protocol import Shows, SideReading, Sign
from kyc_service.documents.finding.locate import LocatedDocument
from kyc_service.documents.reading.fields import field_of
from kyc_service.documents.reading.lines import Line
from kyc_service.documents.reading.rows import Row
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.identifiers.mrz import Mrz, MrzFormat, is_coded_line, issuing_country, normalise_line
from kyc_service.inference.ocr import Quad

_CHECKED: Final = frozenset({FieldName.DOCUMENT_NUMBER, FieldName.DATE_OF_BIRTH, FieldName.VALID_UNTIL})
_TYPES: Final = {"P": DocumentType.PASSPORT, "V": DocumentType.VISA}
_MIN_LENGTH: Final = 15
_MIN_FILLERS: Final = 3
_MOST_LINES_READ: Final = 40
_OVERLONG: Final = re.compile(r"(?=.*[0-9])(?=.*<)[A-Z0-9<]{47,60}")
"""Longer than the widest format by more than a filler run may be misjudged."""

_PITCH_MM: Final = 2.54
_BELOW_MM: Final = 17.0
"""From the top of the zone's first line to the page's lower edge."""
_ZONES_MM: Final = {
    MrzFormat.TD3: (44 * _PITCH_MM, 88.0 - _BELOW_MM),
    MrzFormat.MRV_A: (44 * _PITCH_MM, 80.0 - _BELOW_MM),
    MrzFormat.TD2: (36 * _PITCH_MM, 74.0 - _BELOW_MM),
    MrzFormat.MRV_B: (36 * _PITCH_MM, 74.0 - _BELOW_MM),
}
"""Width of the zone and height of the page above it. TD1 has its zone on the side without portrait."""
_MARGIN: Final = 0.05


@dataclass(frozen=True, slots=True)
class IcaoMrz:
    """Any of the five formats; which one, the zone says."""

    name: str = "icao_mrz"

    def is_told_by(self, line: Line) -> bool:
        """See :class:`Family`."""
        return is_mrz_like(line.text)

    def corners(self, sign: Sign) -> Quad | None:
        """See :class:`Family`: a zone is read wherever it stands, so no page is framed around it."""
        del sign
        return None

    def read(self, sign: Sign, today: date) -> SideReading | None:
        """See :class:`Family`."""
        zone = read_zone(sign, today)
        if zone.fields is None:
            return _overlong(sign)
        lines = _print_around(sign, zone)
        document = sign.page.document
        reading = _reading(document, zone, zone.fields, lines)
        return SideReading(
            self.name, Shows.EITHER, document, reading, is_whole=True, portrait=_above(zone), lines=lines
        )


def is_mrz_like(text: str) -> bool:
    """Whether ``text`` looks like a line of a machine-readable zone.

    >>> is_mrz_like("P<UTOERIKSSON<<ANNA<MARIA<<<<<"), is_mrz_like("2016.05.04-2036.05.04")
    (True, False)
    >>> is_mrz_like("9138676507BEL9410095M201211350630467")
    True
    """
    line = normalise_line(text)
    has_fillers = len(line) >= _MIN_LENGTH and line.count("<") >= _MIN_FILLERS
    return has_fillers or is_coded_line(line) or bool(_OVERLONG.fullmatch(line))


def _overlong(sign: Sign) -> SideReading | None:
    """A line too long for any format is no reading that lost something: nothing else is known of its document.

    Lines that are too short may have lost characters to a shadow or an edge, and are to be photographed again.
    """
    row = Row((sign.line,))
    text = normalise_line(row.text)
    if not _OVERLONG.fullmatch(text):
        return None
    document = sign.page.document
    reading = DocumentReading(
        document_type=_TYPES.get(text[:1], DocumentType.PASSPORT),
        issuing_country=None,
        fields=tuple(f for f in [field_of(document, FieldName.MRZ, [row], text=text, has_fixed_pitch=True)] if f),
        mrz_lines=(text,),
    )
    return SideReading(IcaoMrz().name, Shows.EITHER, document, reading, is_whole=True)


def _print_around(sign: Sign, zone: MrzZone) -> tuple[Line, ...]:
    """The lines above and below the zone."""
    bands = [(float(li.quad[:, 1].min()), float(li.quad[:, 1].max())) for row in zone.rows for li in row.lines]
    page = sign.page
    middles = [float(q[:, 1].mean()) for q in page.quads]
    others = [i for i, y in enumerate(middles) if not any(low < y < high for low, high in bands)]
    return tuple(page.read(others[:_MOST_LINES_READ]))


def _above(zone: MrzZone) -> Quad | None:
    """The page above ``zone``, as wide as it and a little more: the portrait may begin left of its first character."""
    size = _ZONES_MM.get(zone.fields.format) if zone.fields is not None else None
    if size is None:
        return None
    quads = [line.quad for row in zone.rows for line in row.lines]
    axis = max((q[1] - q[0] for q in quads), key=lambda v: float(np.linalg.norm(v)))
    along = axis / max(1e-6, float(np.linalg.norm(axis)))
    down = np.array([-along[1], along[0]], np.float32)
    points = np.concatenate(quads)
    ends: NDArray[np.float32] = points @ along
    width = float(ends.max() - ends.min())
    left, right = float(ends.min()) - _MARGIN * width, float(ends.max()) + _MARGIN * width
    bottom = float((points @ down).min())
    top = bottom - width * size[1] / size[0]
    return np.array(
        [along * x + down * y for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))], np.float32
    )


def _reading(document: LocatedDocument, zone: MrzZone, fields: Mrz, lines: Sequence[Line]) -> DocumentReading:
    name = f"{fields.surname} {fields.given_names}".strip()
    rows = [in_zone(row, holds_letters_only=row in zone.name_rows) for row in zone.rows]
    named = [row for row, found in zip(rows, zone.rows, strict=True) if found in zone.name_rows]
    coded = [row for row, found in zip(rows, zone.rows, strict=True) if found in zone.coded_rows] or rows
    # That a check digit is wrong does not hang on a letter of the name, which none covers.
    weighed = [row for row, found in zip(rows, zone.rows, strict=True) if found in zone.checked_rows]
    sources: dict[FieldName, tuple[Sequence[Row], str]] = {
        FieldName.MRZ: (weighed if fields.failed else rows, "\n".join(zone.lines)),
        FieldName.FULL_NAME: (named, name),
        FieldName.DOCUMENT_NUMBER: (coded, fields.document_number),
        FieldName.ISSUING_COUNTRY: (rows[:1], fields.issuing_state),
        FieldName.NATIONALITY: (coded, fields.nationality),
        FieldName.SEX: (coded, fields.sex.value),
        FieldName.DATE_OF_BIRTH: (coded, fields.date_of_birth.isoformat() if fields.date_of_birth else ""),
        FieldName.VALID_UNTIL: (coded, fields.date_of_expiry.isoformat() if fields.date_of_expiry else ""),
    }
    read = [
        field_of(
            document,
            key,
            where,
            text=text,
            is_sound=zone.is_sound,
            is_confirmed=key in _CHECKED and not fields.failed,
            has_fixed_pitch=True,
        )
        for key, (where, text) in sources.items()
        if text
    ]
    return DocumentReading(
        document_type=_TYPES.get(fields.document_code[:1], DocumentType.IDENTITY_CARD),
        issuing_country=issuing_country(fields.issuing_state),
        fields=tuple(f for f in read if f is not None),
        full_name=name or None,
        sex=fields.sex,
        date_of_birth=fields.date_of_birth,
        valid_until=fields.date_of_expiry,
        mrz_lines=zone.lines,
        printed_lines=tuple(line.text for line in lines if line.text),
    )
