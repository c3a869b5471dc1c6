"""Every example in the guide to policies is read, and shows no more than it says."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml

from kyc_service.decision.policy import Policy
from kyc_service.domain.outcome import Action
from kyc_service.domain.verification import UseCase
from kyc_service.policies.calibration import read_calibrations
from kyc_service.policies.document import PolicyDocument
from kyc_service.policies.load import DEFAULT_POLICY, parse_policy
from kyc_service.verification.models_in_use import models_in_use

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")
CALIBRATIONS = read_calibrations(ROOT / "models" / "calibration", models_in_use(ROOT / "models").values())
BLOCKS = [textwrap.dedent(block) for block in re.findall(r"(?:^    .*\n|^\n(?=    ))+", GUIDE, re.MULTILINE)]
EXAMPLES = [block.strip("\n") + "\n" for block in BLOCKS if re.match(r"\n*[a-z_]+:(\s|$)", block)]


def beside_the_rest(example: str) -> Policy:
    """The shipped policy with ``example`` in it."""
    document: dict[str, Any] = yaml.safe_load(DEFAULT_POLICY.read_text(encoding="utf-8"))
    for key, value in yaml.safe_load(example).items():
        is_added = key in ("scores", "values", "second_opinions")
        document[key] = [*document[key], *value] if is_added else value
    return parse_policy(yaml.safe_dump(document, sort_keys=False).encode(), "example.yaml", CALIBRATIONS)


def test_every_key_has_an_example() -> None:
    assert {key for example in EXAMPLES for key in yaml.safe_load(example)} == set(PolicyDocument.model_fields)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_read(example: str) -> None:
    assert beside_the_rest(example)


def test_the_account_types_ask_for_one_three_and_five_registers() -> None:
    (example,) = (e for e in EXAMPLES if "payment_account_3" in e)
    tiers = beside_the_rest(example).tiers
    asked = [tiers[UseCase.ONBOARDING, f"payment_account_{kind}"].cross_checks for kind in (1, 2, 3)]
    assert [wanted.at_least for wanted in asked if wanted is not None] == [1, 3, 5]


def test_the_example_combinations_have_their_own_actions() -> None:
    (example,) = (e for e in EXAMPLES if e.startswith("combinations"))
    found = {combination.name: combination.action for combination in beside_the_rest(example).combinations}
    assert found["shared_device_and_phone"] is Action.DECLINE
    assert set(found.values()) == {Action.REVIEW, Action.DECLINE}
