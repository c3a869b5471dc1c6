"""A register that is a file: for lists that the bank gets nightly, for batches, and for tests.

Read anew when the file changes. Put a new list in its place by renaming, so that none is
read half written. A list that is older than agreed answers nothing.
"""

from __future__ import annotations

import hashlib
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from kyc_service.authorities.names import spellings
from kyc_service.authorities.question import AuthorityQuestion, Particulars
from kyc_service.authorities.records import Record, one_number, one_phone, records_of
from kyc_service.authorities.signed import utc_now
from kyc_service.authorities.silence import AuthoritySilent
from kyc_service.domain.authority import Answer, AuthorityAnswer, Channel

_DIGEST_DIGITS: Final = 16
_Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _List:
    """A file as it was read: by number, by spelling of the name, and its digest."""

    stamp: _Stamp
    digest: str
    by_number: Mapping[str, list[Record]]
    by_name: Mapping[str, list[Record]]


@dataclass(slots=True)
class FileAuthority:
    """Answers from the records of ``path`` (``.csv`` or ``.json``); see :mod:`kyc_service.authorities.records`.

    A list of sanctions is searched by name and birth date; every other register by number,
    and confirms whose name (and phone, where it is asked) stands beside it.
    """

    channel: Channel
    path: Path
    max_age: timedelta | None = None
    now: Callable[[], datetime] = utc_now
    _read: _List | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, question: AuthorityQuestion) -> AuthorityAnswer:
        """What the list says.

        Raises:
            AuthoritySilent: the file cannot be read, is not of the form, or too old.
        """
        kept = self._refreshed()
        look = _on_sanctions if self.channel is Channel.SANCTIONS else _on_record
        answer, record = look(kept, question.particulars)
        line = f"{kept.digest}:{record.line}" if record else kept.digest
        return AuthorityAnswer(self.channel, answer, (record.reference if record else "") or line, self.now())

    def _refreshed(self) -> _List:
        with self._lock:
            try:
                status = self.path.stat()
                stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
                if self._read is None or self._read.stamp != stamp:
                    self._read = _read(self.path.read_bytes(), stamp, is_json=self.path.suffix == ".json")
            except OSError:
                raise AuthoritySilent("the file cannot be read") from None
            written_at = datetime.fromtimestamp(status.st_mtime, UTC)
            if self.max_age is not None and self.now() - written_at > self.max_age:
                raise AuthoritySilent("the file is older than agreed")
            return self._read


def _read(content: bytes, stamp: _Stamp, *, is_json: bool) -> _List:
    by_number: defaultdict[str, list[Record]] = defaultdict(list)
    by_name: defaultdict[str, list[Record]] = defaultdict(list)
    for record in records_of(content, is_json=is_json):
        by_number[record.id_number].append(record)
        for spelling in _spellings(record):
            by_name[spelling].append(record)
    return _List(stamp, hashlib.sha256(content).hexdigest()[:_DIGEST_DIGITS], dict(by_number), dict(by_name))


def _spellings(record: Record) -> Iterator[str]:
    yield from sorted(frozenset().union(*(spellings(name) for name in (record.full_name, *record.aliases))))


def _on_record(kept: _List, asked: Particulars) -> tuple[Answer, Record | None]:
    records = kept.by_number.get(one_number(asked.id_number or ""), [])
    if not records:
        return Answer.NOT_ON_RECORD, None
    for record in records:
        is_same = bool(spellings(record.full_name) & spellings(asked.full_name or ""))
        if is_same and (asked.phone is None or record.phone == one_phone(asked.phone)):
            return Answer.CONFIRMED, record
    return Answer.CONTRADICTED, records[0]


def _on_sanctions(kept: _List, asked: Particulars) -> tuple[Answer, Record | None]:
    names = filter(None, (asked.full_name, *asked.other_names))
    found = [
        record
        for spelling in sorted(frozenset().union(*map(spellings, names)))
        for record in kept.by_name.get(spelling, [])
        if _may_be_born(record.date_of_birth, asked.date_of_birth)
    ]
    return (Answer.POSSIBLE_HIT, min(found, key=lambda record: record.line)) if found else (Answer.NOT_ON_RECORD, None)


def _may_be_born(listed: str, asked: date | None) -> bool:
    """Whether the dates do not speak against it; lists often know the year alone, or nothing."""
    return asked is None or asked.isoformat().startswith(listed)
