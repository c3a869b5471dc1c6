"""Read a policy file and resolve its operating points into thresholds.

A policy is refused, with every problem at its line, unless it has its form, fails closed
and names only what exists: see :mod:`kyc_service.policies.document` for the form and
:mod:`kyc_service.policies.resolve` for the rest.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from kyc_service.decision.policy import Policy
from kyc_service.policies.calibration import Calibrations
from kyc_service.policies.form import formed
from kyc_service.policies.lines import read_lines
from kyc_service.policies.problems import PolicyInvalid, PolicyProblem
from kyc_service.policies.resolve import resolved

__all__ = ["DEFAULT_POLICY", "PolicyInvalid", "PolicyProblem", "load_policy", "parse_policy"]

DEFAULT_POLICY: Final = Path(__file__).with_name("default.yaml")


def load_policy(path: Path, calibrations: Calibrations) -> Policy:
    """The policy in ``path``, every threshold resolved in ``calibrations``.

    Raises:
        PolicyInvalid: unreadable, or any of its problems.
    """
    try:
        text = path.read_bytes()
    except OSError as error:
        raise PolicyInvalid(f"policy {path.name} cannot be used: {error.strerror}") from error
    return parse_policy(text, path.name, calibrations)


def parse_policy(text: bytes, name: str, calibrations: Calibrations) -> Policy:
    """The policy in ``text``, called ``name`` in complaints, every threshold resolved in ``calibrations``.

    Raises:
        PolicyInvalid: with all of its problems, each with line, column, path and what is allowed.
    """
    lines = read_lines(text)
    if lines.data is None:
        problems = lines.problems or [PolicyProblem(1, 1, "", "the file is empty")]
        raise PolicyInvalid.because_of(name, problems)
    document, misformed = formed(lines)
    sha256 = hashlib.sha256(text + calibrations.sha256.encode()).hexdigest()
    policy, misfitting = resolved(document, lines, calibrations, sha256)
    problems = [*lines.problems, *misformed, *misfitting]
    if policy is None or problems:
        raise PolicyInvalid.because_of(name, problems)
    return policy
