from __future__ import annotations

from datetime import datetime
from itertools import permutations

import pytest

from kyc_service.consistency.authority import measure
from kyc_service.domain.authority import Answer, AuthorityAnswer, AuthorityFailure, Channel
from kyc_service.domain.background import NOTHING_KNOWN, Background
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Finding, Measurement, NotAssessed
from kyc_service.domain.reasons import Reason

REGISTERS = [channel for channel in Channel if channel is not Channel.SANCTIONS]


def check_of(channel: Channel) -> CheckName:
    return CheckName(f"authority.{channel}")


def answered(now: datetime, channel: Channel, answer: Answer) -> Measurement:
    said = AuthorityAnswer(channel, answer, "ref-7", now)
    (found,) = (m for m in measure(Background(authorities=(said,))) if m.check is check_of(channel))
    return found


@pytest.mark.parametrize("channel", REGISTERS)
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer.CONFIRMED, ()),
        (Answer.CONTRADICTED, (Reason.AUTHORITY_CONTRADICTS,)),
        (Answer.NOT_ON_RECORD, (Reason.AUTHORITY_NOT_ON_RECORD,)),
    ],
)
def test_a_register_confirms_contradicts_or_does_not_know(
    now: datetime, channel: Channel, answer: Answer, expected: tuple[Reason, ...]
) -> None:
    found = answered(now, channel, answer)
    assert isinstance(found, Finding)
    assert found.reasons == expected
    assert found.evidence.values == {
        "answer": answer.value,
        "reference": "ref-7",
        "answered_at": "2026-11-23T04:00:00+00:00",
    }


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer.NOT_ON_RECORD, ()),
        (Answer.POSSIBLE_HIT, (Reason.SANCTIONS_POSSIBLE_HIT,)),
        (Answer.CONFIRMED, (Reason.SANCTIONS_POSSIBLE_HIT,)),
    ],
)
def test_to_be_on_a_list_of_sanctions_is_the_bad_news(
    now: datetime, answer: Answer, expected: tuple[Reason, ...]
) -> None:
    found = answered(now, Channel.SANCTIONS, answer)
    assert isinstance(found, Finding)
    assert found.reasons == expected


@pytest.mark.parametrize(
    ("channel", "answer"),
    [(Channel.SANCTIONS, Answer.CONTRADICTED), *((channel, Answer.POSSIBLE_HIT) for channel in REGISTERS)],
)
def test_an_answer_without_meaning_clears_nothing(now: datetime, channel: Channel, answer: Answer) -> None:
    found = answered(now, channel, answer)
    assert isinstance(found, NotAssessed)
    assert (found.reason, found.evidence.values["reference"]) == (Reason.FACT_UNKNOWN, "ref-7")


@pytest.mark.parametrize("channel", Channel)
def test_a_register_that_did_not_answer_is_unreachable(channel: Channel) -> None:
    failed = Background(authorities=(AuthorityFailure(channel, "timeout"),), channels=frozenset({channel}))
    (found,) = (m for m in measure(failed) if m.check is check_of(channel))
    assert isinstance(found, NotAssessed)
    assert (found.reason, found.cause) == (Reason.AUTHORITY_UNREACHABLE, "timeout")


def test_a_register_that_does_not_exist_confirms_nothing() -> None:
    found = measure(NOTHING_KNOWN)
    assert [m.check for m in found] == [check_of(channel) for channel in Channel]
    assert all(isinstance(m, NotAssessed) and m.reason is Reason.NOT_PROVIDED for m in found)


def test_a_register_that_was_not_asked_confirms_nothing() -> None:
    found = measure(Background(channels=frozenset(Channel)))
    assert all(isinstance(m, NotAssessed) and m.reason is Reason.NOT_MEASURED for m in found)


def test_the_order_of_the_answers_does_not_matter_and_none_is_dropped(now: datetime) -> None:
    heard = (
        AuthorityAnswer(Channel.TAX, Answer.CONFIRMED, "ref-1", now),
        AuthorityAnswer(Channel.CARRIER, Answer.CONTRADICTED, "ref-2", now),
        AuthorityFailure(Channel.TAX, "timeout"),
    )
    answers = [measure(Background(authorities=order)) for order in permutations(heard)]
    assert all(answer == answers[0] for answer in answers)
    assert {type(m) for m in answers[0] if m.check is CheckName.AUTHORITY_TAX} == {Finding, NotAssessed}
