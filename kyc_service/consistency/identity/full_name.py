"""The claimed name against the document's, with the way in which they agree."""

from __future__ import annotations

from datetime import date
from typing import Final

from kyc_service.consistency.evidence import claimed_by
from kyc_service.consistency.identity.comparison import compared, not_claimed
from kyc_service.consistency.identity.names import NameMatch, WrittenName, is_han, match_name, normalise
from kyc_service.consistency.identity.romanised import is_pinyin_of, is_reordered_pinyin_of
from kyc_service.consistency.identity.written_name import written_name_of
from kyc_service.consistency.sources import captures_of, unread
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import Claims
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.domain.facts import Facts, NameFact
from kyc_service.domain.measurements import Measurement, NotAssessed
from kyc_service.domain.reasons import Reason

_CHECK: Final = CheckName.NAME_COMPARISON
_REASONS: Final[dict[NameMatch, tuple[Reason, ...]]] = {
    NameMatch.EXACT: (),
    NameMatch.NORMALISED: (),
    NameMatch.SIMPLIFIED: (Reason.NAME_MATCHES_SIMPLIFIED,),
    NameMatch.PINYIN: (Reason.NAME_MATCHES_PINYIN,),
    NameMatch.TRANSLITERATED: (Reason.NAME_MATCHES_NORMALISED,),
    NameMatch.REORDERED: (Reason.NAME_MATCHES_NORMALISED,),
    NameMatch.DIFFERENT: (Reason.NAME_MISMATCH,),
}
_WITHOUT_MATCH: Final = frozenset({NameMatch.DIFFERENT, NameMatch.INCOMPARABLE})


def measure(document: DocumentReading, claims: Claims, facts: Facts, today: date) -> Measurement:
    """``document.data_comparison.full_name``, its ``mode`` that of :class:`NameMatch`."""
    claimed, name = claims.full_name, FieldName.FULL_NAME
    if claimed is None or not claimed.strip():
        return not_claimed(_CHECK)
    written = written_name_of(document, today)
    if written is None and not document.full_name:
        return unread(document, _CHECK, name)
    found = _matched(claimed, document.full_name, written, facts)
    if found is NameMatch.INCOMPARABLE:
        captures = captures_of(document, name)
        return NotAssessed(_CHECK, Reason.FACT_UNKNOWN, "the claim is in another script than the document", captures)
    printed = document.full_name or (written.whole if written else None)
    seen = {"mode": found.value, "claimed": claimed, "document": printed}
    return compared(document, _CHECK, name, _REASONS[found], claimed_by(claims, "full_name") | seen)


def _matched(claimed: str, printed: str | None, written: WrittenName | None, facts: Facts) -> NameMatch:
    """By letters first, then by the tables, the closest way first: what agrees by letters needs no table."""
    found = match_name(claimed, printed, written)
    if found not in _WITHOUT_MATCH:
        return found
    said, shown = _of(facts.claimed_name, claimed), _of(facts.printed_name, printed)
    if printed and _simplified(said, claimed) == _simplified(shown, printed):
        return NameMatch.SIMPLIFIED
    documents = [name for name in (printed, written.whole if written else None) if name]
    # Either may be the one in Latin letters, and the other the one whose readings are known.
    spelt = [(claimed, _readings(shown)), *((name, _readings(said)) for name in documents)]
    if any(is_pinyin_of(text, readings) for text, readings in spelt):
        return NameMatch.PINYIN
    if any(is_reordered_pinyin_of(text, readings) for text, readings in spelt):
        return NameMatch.REORDERED
    return found


def _of(fact: NameFact | None, name: str | None) -> NameFact | None:
    """``fact`` where it is about ``name``: what the tables say of another says nothing of this one."""
    is_its_own = fact is not None and name is not None and normalise(fact.text) == normalise(name)
    return fact if is_its_own else None


def _simplified(fact: NameFact | None, name: str) -> str:
    return normalise(fact.simplified if fact else name)


def _readings(fact: NameFact | None) -> tuple[str, ...]:
    """The pinyin of a name in Han script; of a name that is in Latin letters already, none."""
    return fact.romanised if fact and is_han(fact.text) else ()
