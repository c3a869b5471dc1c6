"""By what an attempt is known again: keyed digests of its person, document, phone and device.

The person's number is taken from the document and from the claims: an unreadable card
hides nobody whose number is claimed. Who has no national number is known by name and
birth date, without a country, since claims often leave it out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kyc_service.domain.claims import Claims
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.domain.history import Subject
from kyc_service.storage.keys import MasterKey
from kyc_service.verification.lockout import compact_number, compact_phone

NOBODY: Final[frozenset[bytes]] = frozenset()


@dataclass(frozen=True, slots=True)
class Subjects:
    """``identity`` tells persons apart; ``names`` are digests of name and birth date.

    ``digests`` is by what each subject is looked for. All are keyed.
    """

    identity: bytes | None
    names: frozenset[bytes]
    digests: Mapping[Subject, frozenset[bytes]]

    @property
    def person(self) -> frozenset[bytes]:
        """By what the person is looked for."""
        return self.digests.get(Subject.PERSON, NOBODY)

    def noted(self) -> Iterator[tuple[Subject, bytes]]:
        """What is written down: also the name of a person who has a number, for attempts that lack it."""
        for subject in Subject:
            digests = self.digests.get(subject, NOBODY) | (self.names if subject is Subject.PERSON else NOBODY)
            yield from ((subject, digest) for digest in sorted(digests))


def subjects_of_attempt(
    document: DocumentReading | None, claims: Claims, phone: str | None, master_key: MasterKey
) -> Subjects:
    """Everyone and everything in an attempt; ``phone`` is E.164, where the number could be understood."""

    def digest(kind: str, text: str) -> bytes:
        return master_key.digest(f"sighting|{kind}|{text}".encode())

    numbers = [digest("number", number) for number in person_numbers(document, claims)]
    names = frozenset(digest("name", name) for name in _names(document, claims))
    dialled = re.sub(r"\D", "", phone) if phone else compact_phone(claims.phone_number or "")
    device = (claims.device.id or "").strip() if claims.device else ""
    found = {
        Subject.PERSON: frozenset(numbers) or names,
        Subject.DOCUMENT: frozenset(digest("document", number) for number in _document_numbers(document, claims)),
        Subject.PHONE: frozenset({digest("phone", dialled)} if dialled else ()),
        Subject.DEVICE: frozenset({digest("device", device)} if device else ()),
    }
    identity = numbers[0] if numbers else min(names, default=None)
    return Subjects(identity, names, {subject: digests for subject, digests in found.items() if digests})


def face_digest(verification_id: str, master_key: MasterKey) -> bytes:
    """By what the face of a verification is noted: faces are found by likeness, and only then looked up."""
    return master_key.digest(f"sighting|face|{verification_id}".encode())


def person_numbers(document: DocumentReading | None, claims: Claims) -> tuple[str, ...]:
    """National numbers of the person, the surest first: read with certainty, claimed, read without."""
    printed = "" if document is None else compact_number(document.id_number or "")
    claimed = compact_number(claims.id_number or "")
    # A claimed number may be the document's own, which is not the person's.
    if claimed and document is not None and claimed == _own_number(document) and claimed != printed:
        claimed = ""
    in_order = (printed, claimed) if is_certain(document, FieldName.ID_NUMBER) else (claimed, printed)
    return tuple(dict.fromkeys(number for number in in_order if number))


def is_certain(document: DocumentReading | None, name: FieldName) -> bool:
    """Whether a field was read above the limit measured for it."""
    field = None if document is None else document.field(name)
    return field is not None and field.is_certain


def _names(document: DocumentReading | None, claims: Claims) -> frozenset[str]:
    for said in (document, claims):
        if said is not None and said.full_name and said.date_of_birth:
            return frozenset({f"{_one_spelling(said.full_name)}|{said.date_of_birth.isoformat()}"})
    return frozenset()


def _one_spelling(name: str) -> str:
    """Letters alone. Of its own, since what was noted years ago must still be found when comparisons learn more."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", name).casefold() if letter.isalnum())


def _document_numbers(document: DocumentReading | None, claims: Claims) -> frozenset[str]:
    """The document's own number; that of a Chinese card is its holder's, and stands in where none was read."""
    own = "" if document is None else _own_number(document)
    return frozenset({own} if own else person_numbers(document, claims)[:1])


def _own_number(document: DocumentReading) -> str:
    field = document.field(FieldName.DOCUMENT_NUMBER)
    return "" if field is None else compact_number(field.text)
