"""Which fields of a zone have not the form that ICAO Doc 9303 asks for.

Source: part 3, sections 4.6 to 4.8 and 5; parts 4 to 7, sections 4.2.2 and 4.4.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from kyc_service.identifiers.mrz.layout import Layout

_SEX: Final = re.compile("[MF<]")
# Part 3, section 5: three letters, but for Germany.
_STATE: Final = re.compile("[A-Z]{3}|D<<")
# Part 4, note o: a nationality may be left out.
_NATIONALITY: Final = re.compile("[A-Z]{3}|D<<|<<<")
_COMPONENTS: Final = "[A-Z]+(?:<[A-Z]+)*"
# Part 3, section 4.6: components one filler apart, the secondary identifier two.
_NAME: Final = re.compile(f"{_COMPONENTS}(?:<<{_COMPONENTS})?<*")
# Identifiers in fields of their own: given names stand two fillers apart.
_IDENTIFIER: Final = re.compile(f"{_COMPONENTS}(?:<<{_COMPONENTS})*<*")
_NUMBER: Final = re.compile("[A-Z0-9][A-Z0-9<]*")


def malformed_fields(layout: Layout, lines: Sequence[str]) -> tuple[str, ...]:
    """The fields of ``lines``, but for dates, that break the form of ``layout``."""
    name = _NAME if len(layout.names) == 1 else _IDENTIFIER
    kept = {
        "document_code": layout.code.fullmatch(layout.document_code.of(lines)) is not None,
        "issuing_state": _STATE.fullmatch(layout.issuing_state.of(lines)) is not None,
        "nationality": layout.nationality is None or _NATIONALITY.fullmatch(layout.nationality.of(lines)) is not None,
        "name": all(name.fullmatch(span.of(lines)) for span in layout.names),
        "document_number": _NUMBER.fullmatch(layout.number.of(lines)) is not None,
        "sex": _SEX.fullmatch(layout.sex.of(lines)) is not None,
    }
    return tuple(field for field, is_kept in kept.items() if not is_kept)
