from __future__ import annotations

import re

import pytest

from kyc_service.domain.outcome import Outcome
from kyc_service.domain.reasons import CATALOGUE, Reason, is_retake

# What an applicant's sentence must not teach: that there are scores, limits, models or checks against attacks.
HINTS = re.compile(
    r"\b(scores?|thresholds?|limits?|similarit\w+|percent|models?|attacks?|spoof\w*|fraud\w*|fake|forged|tamper\w*"
    r"|liveness|match\w*|checksum|check digit|blocklist|suspicious)\b|\d",
    re.IGNORECASE,
)


def test_the_catalogue_has_an_entry_for_every_reason_and_no_other() -> None:
    assert set(CATALOGUE) == set(Reason)


@pytest.mark.parametrize("reason", Reason)
def test_sentences_are_whole(reason: Reason) -> None:
    entry = CATALOGUE[reason]
    for sentence in filter(None, (entry.staff, entry.applicant)):
        assert sentence[0].isupper() or sentence[0].isdigit()
        assert sentence.endswith(".")
        assert sentence == sentence.strip()


@pytest.mark.parametrize("reason", Reason)
def test_what_the_applicant_is_told_helps_no_attacker(reason: Reason) -> None:
    assert not HINTS.search(CATALOGUE[reason].applicant or "")


@pytest.mark.parametrize(
    "reason",
    [
        Reason.PRESENTATION_ATTACK_LIKELY,
        Reason.PRESENTATION_ATTACK_POSSIBLE,
        Reason.FACE_MISMATCH,
        Reason.FACE_MATCH_UNCERTAIN,
        Reason.ID_NUMBER_CHECK_DIGIT,
        Reason.MRZ_CHECK_DIGIT,
        Reason.BIRTH_DATE_CONTRADICTS_NUMBER,
        Reason.FAR_FROM_DOCUMENT_REGION,
        Reason.COUNTRY_NOT_ALLOWED,
    ],
)
def test_what_would_teach_an_attacker_is_not_told(reason: Reason) -> None:
    assert CATALOGUE[reason].applicant is None


@pytest.mark.parametrize("reason", [reason for reason in Reason if is_retake(reason)])
def test_who_must_take_a_capture_again_is_told_how(reason: Reason) -> None:
    assert CATALOGUE[reason].applicant
    assert CATALOGUE[reason].outcome is Outcome.REJECTED


def test_only_captures_are_taken_again() -> None:
    assert all(
        reason.value.startswith(("document_", "face_", "clip_", "challenge_")) for reason in Reason if is_retake(reason)
    )
    assert not is_retake(Reason.FACE_MISMATCH)
    assert not is_retake(Reason.DOCUMENT_EXPIRED)


def test_no_reason_makes_a_check_clear_or_not_applicable() -> None:
    allowed = {Outcome.CONSIDER, Outcome.NOT_ASSESSED, Outcome.REJECTED}
    assert {entry.outcome for entry in CATALOGUE.values()} == allowed


def test_codes_are_lower_snake_case_and_their_own_names() -> None:
    assert all(reason.value == reason.name.lower() for reason in Reason)
