"""The published schema is the one that policies are read by."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kyc_service.domain.checks import CheckName
from kyc_service.domain.outcome import Action
from kyc_service.domain.reasons import Reason
from kyc_service.policies.document import policy_schema, policy_schema_text

PUBLISHED = Path(__file__).parents[2] / "docs" / "policy.schema.json"


def test_the_published_schema_is_up_to_date() -> None:
    # To write it anew: python -c "from kyc_service.policies.document import *; print(policy_schema_text(), end='')"
    assert PUBLISHED.read_text(encoding="utf-8") == policy_schema_text()


def test_every_word_that_may_stand_somewhere_is_listed_once() -> None:
    words = policy_schema()["$defs"]
    assert words["Reason"]["enum"] == [reason.value for reason in Reason]
    assert words["Action"]["enum"] == [action.value for action in Action]
    assert CheckName.COMBINATIONS not in words["Check"]["enum"]
    assert Reason.FACE_BLURRED not in words["Signal"]["enum"]
    assert CheckName.AUTHORITY_SANCTIONS not in words["Register"]["enum"]
    assert json.dumps(policy_schema()).count('"authority.carrier"') == 3


def test_every_reference_leads_somewhere() -> None:
    schema = policy_schema()
    wanted = {reference.rpartition("/")[2] for reference in references(schema)}
    assert wanted <= set(schema["$defs"])
    assert {"Check", "Register", "Judgement", "Signal"} <= wanted


def references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"]
        for value in schema.values():
            yield from references(value)
    elif isinstance(schema, list):
        for item in schema:
            yield from references(item)


def test_one_limit_and_one_kind_of_group_are_asked_for() -> None:
    parts = policy_schema()["$defs"]
    assert parts["GroupPart"]["oneOf"] == [{"required": [key]} for key in ("all", "any", "at_least")]
    assert {"required": ["fmr"]} in parts["RaisingLimitPart"]["oneOf"]
    assert parts["CombinationPart"]["additionalProperties"] is False
