from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from fixtures.scenarios.policy import default_policy
from kyc_service.cli.reasons import reasons_page
from kyc_service.domain.outcome import Action, Outcome
from kyc_service.domain.reasons import BRANCHES, CATALOGUE, Reason, is_retake

ROOT = Path(__file__).parents[2]

# What an applicant's sentence must not teach: that there are scores, limits, models or checks against attacks.
HINTS = re.compile(
    r"\b(scores?|thresholds?|limits?|similarit\w+|percent|models?|attacks?|spoof\w*|fraud\w*|fake|forged|tamper\w*"
    r"|liveness|match\w*|checksum|check digit|blocklist|suspicious)\b|\d",
    re.IGNORECASE,
)
HINTS_ZH = re.compile(
    "分数|得分|评分|阈值|限值|上限|下限|相似|匹配|比对|百分|概率|模型|算法|攻击|欺诈|诈骗|伪造|造假|假冒|假证|冒充|翻拍|篡改|活体"
    "|黑名单|名单|可疑|风险|校验|检测|识别|系统判定|翻录|合成|换脸|[0-9０-９]"
)
HAN = re.compile("[\u4e00-\u9fff]")
LATIN = re.compile("[A-Za-z]")

# Raised by no rule of the default policy: what it learnt from drawn attacks may only ask for a look. A bank that has
# measured its own documents can let a score reject with them.
FOR_POLICIES_OF_BANKS = {Reason.DOCUMENT_RECAPTURED, Reason.DOCUMENT_PRINTED_COPY, Reason.DOCUMENT_TAMPERED}
CATALOGUE_ITSELF = ("catalogue", "reasons.py", "reason_codes.py")


def named_in(tree: ast.AST) -> set[str]:
    """The reasons that a module names other than to compare with them."""
    compared = {id(part) for node in ast.walk(tree) if isinstance(node, ast.Compare) for part in ast.walk(node)}
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "Reason"
        and id(node) not in compared
    }


@cache
def emitted() -> frozenset[str]:
    """The names of all reasons that the source names outside the catalogue."""
    domain = ROOT / "kyc_service" / "domain"
    itself = [domain / name for name in CATALOGUE_ITSELF]
    modules = [
        path
        for path in (ROOT / "kyc_service").rglob("*.py")
        if not any(path == part or part in path.parents for part in itself)
    ]
    return frozenset(name for path in modules for name in named_in(ast.parse(path.read_text(encoding="utf-8"))))


@cache
def raised_by_the_policy() -> frozenset[Reason]:
    """The reasons that scores and looked-up values raise by the default policy."""
    policy = default_policy()
    scores = {reason for rule in policy.scores for reason in (rule.consider_reason, rule.reject_reason)}
    values = {reason for rule in policy.values for reason in (*rule.listed.values(), rule.otherwise)}
    return frozenset(reason for reason in scores | values if reason is not None)


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
    assert not HINTS_ZH.search(CATALOGUE[reason].applicant_zh or "")


@pytest.mark.parametrize("reason", Reason)
def test_the_applicant_is_told_in_both_languages_or_in_none(reason: Reason) -> None:
    en, zh = CATALOGUE[reason].applicant, CATALOGUE[reason].applicant_zh
    assert (en is None) == (zh is None)
    if zh is not None:
        assert HAN.search(zh)
        assert not LATIN.search(zh)
        assert zh.endswith("。")
        # One voice: polite, and whole sentences with the punctuation of Chinese.
        assert not re.search("[你,.;:!?]", zh)


def test_sentences_for_staff_are_told_apart() -> None:
    assert [text for text, n in Counter(entry.staff for entry in CATALOGUE.values()).items() if n > 1] == []


def test_every_reason_hangs_on_one_branch() -> None:
    assert sum(len(branch) for branch in BRANCHES.values()) == len(CATALOGUE) == len(Reason)


def test_no_code_path_names_an_unknown_reason() -> None:
    assert emitted() <= set(Reason.__members__)


@pytest.mark.parametrize("reason", Reason)
def test_no_entry_is_unreachable(reason: Reason) -> None:
    is_reached = reason.name in emitted() or reason in raised_by_the_policy()
    assert is_reached != (reason in FOR_POLICIES_OF_BANKS)


@pytest.mark.parametrize("reason", Reason)
def test_a_default_action_fails_closed(reason: Reason) -> None:
    entry = CATALOGUE[reason]
    if entry.retake:
        assert entry.default_action is Action.NONE
    elif entry.outcome is not Outcome.CONSIDER:
        assert entry.default_action is not Action.NONE


def test_a_weak_signal_asks_nothing_by_itself() -> None:
    weak = [
        Reason.PHONE_REGION_DIFFERS,
        Reason.FAR_FROM_DOCUMENT_REGION,
        Reason.FAR_FROM_PHONE_REGION,
        Reason.FAR_FROM_IP,
        Reason.IP_COUNTRY_DIFFERS,
        Reason.FAR_FROM_STATED_ADDRESS,
        Reason.FAR_FROM_PRINTED_ADDRESS,
        Reason.PHONE_CHANGED,
        Reason.DEVICE_CHANGED,
    ]
    assert {CATALOGUE[reason].default_action for reason in weak} == {Action.NONE}


def test_the_page_about_reasons_is_the_one_that_is_made() -> None:
    assert (ROOT / "docs" / "reasons.md").read_text(encoding="utf-8") == reasons_page()


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
