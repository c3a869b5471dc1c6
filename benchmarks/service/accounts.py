"""The account at the end: what the tables say of every submission that was accepted, and what webhooks told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import psycopg

from benchmarks.service.receiver import Received

STATUS_AFTER = {"approve": "verified", "decline": "declined", "review": "in_review", "retake": "requires_input"}


@dataclass(frozen=True, slots=True)
class Account:
    """Counts; every one but the first three and the last three is 0 where nothing is wrong."""

    accepted: int
    decided: int
    verdicts: Mapping[str, int]
    undecided: int
    other_verdict: int
    reports_missing_or_double: int
    cases_missing_or_double: int
    completed_events_missing_or_double: int
    enrolments_double: int
    messages_missing_or_double: int
    messages_not_received: int
    messages_forged: int
    messages_of_two_ids: int
    given_back: int
    received: int
    redelivered: int
    interrupted: int

    @property
    def faults(self) -> dict[str, int]:
        """What is wrong."""
        fine = {"accepted", "decided", "verdicts", "received", "redelivered", "interrupted"}
        return {name: value for name, value in asdict(self).items() if name not in fine and value}


def account(connection: psycopg.Connection, accepted: Mapping[str, str], received: Sequence[Received]) -> Account:
    """Of verifications with their expected verdicts (``accepted``), all submitted once."""
    ids = list(accepted)
    rows = connection.execute(
        "SELECT v.id, v.status, r.verdict FROM verifications v LEFT JOIN reports r ON r.verification_id = v.id"
        " WHERE v.id = ANY(%s)",
        (ids,),
    ).fetchall()
    reports = Counter(row[0] for row in rows if row[2])
    verdicts = {row[0]: row[2] for row in rows if row[2]}
    reviewed = {one for one, verdict in verdicts.items() if verdict == "review"}
    cases = _counted(connection, "SELECT verification_id FROM cases", ids)
    enrolments = _counted(connection, "SELECT verification_id FROM enrolments", ids)
    completed = _counted(connection, "SELECT verification_id FROM events WHERE type = 'verification_completed'", ids)
    tries = connection.execute(
        "SELECT verification_id, state, tries FROM submissions WHERE verification_id = ANY(%s)", (ids,)
    ).fetchall()
    told = _told(received)
    return Account(
        accepted=len(ids),
        decided=len(verdicts),
        verdicts=dict(Counter(verdicts.values())),
        undecided=sum(row[2] is None or row[1] != STATUS_AFTER[row[2]] for row in rows),
        other_verdict=sum(verdicts.get(one, wanted) != wanted for one, wanted in accepted.items()),
        reports_missing_or_double=sum(reports[one] != 1 for one in ids),
        cases_missing_or_double=sum(cases[one] != (one in reviewed) for one in ids),
        completed_events_missing_or_double=sum(completed[one] != 1 for one in ids),
        enrolments_double=sum(count > 1 for count in enrolments.values()),
        messages_missing_or_double=_amiss(connection, ids),
        messages_not_received=len(_sent(connection, ids) - set(told)),
        messages_forged=sum(not one.is_genuine for one in received),
        messages_of_two_ids=len(told) - len({(b["data"]["verification_id"], b["sequence"]) for b in told.values()}),
        given_back=sum(row[1] == "given_back" for row in tries),
        received=len(told),
        redelivered=len(received) - len(told),
        interrupted=sum(row[2] > 1 for row in tries),
    )


def _counted(connection: psycopg.Connection, query: str, ids: Sequence[str]) -> Counter[str]:
    wanted = set(ids)
    return Counter(row[0] for row in connection.execute(query).fetchall() if row[0] in wanted)


def _told(received: Sequence[Received]) -> dict[str, dict[str, Any]]:
    return {one.id: one.body for one in received if one.is_genuine}


def _sent(connection: psycopg.Connection, ids: Sequence[str]) -> set[str]:
    """The messages that there were to be delivered, to whoever asked for them."""
    query = (
        "SELECT DISTINCT m.id, m.payload->'data'->>'verification_id'"
        " FROM webhook_messages m JOIN webhook_deliveries d ON d.message_id = m.id"
    )
    rows = connection.execute(query).fetchall()
    wanted = set(ids)
    return {row[0] for row in rows if row[1] in wanted}


def _amiss(connection: psycopg.Connection, ids: Sequence[str]) -> int:
    """Verifications of which not every change of status was announced once."""
    query = "SELECT payload->'data'->>'verification_id' FROM webhook_messages"
    changes = _counted(connection, "SELECT verification_id FROM events WHERE to_status IS NOT NULL", ids)
    told = _counted(connection, query, ids)
    return sum(told[one] != changes[one] for one in ids)
