"""What an installation brings to policies: its calibrations, and the policy that decides where none was activated."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kyc_service.decision.policy import Policy
from kyc_service.policies.calibration import Calibrations, read_calibrations
from kyc_service.policies.load import DEFAULT_POLICY, load_policy, parse_policy
from kyc_service.verification.models_in_use import models_in_use


@dataclass(frozen=True, slots=True)
class Installation:
    """``own_file`` is the policy of the settings, or the one the service ships with."""

    calibrations: Calibrations
    own_file: Path

    @classmethod
    def of(cls, models_dir: Path, policy_file: Path | None) -> Installation:
        """Read what is at hand.

        Raises:
            CalibrationInvalid: a calibration is broken, or of another model than is installed.
            ManifestInvalid: the manifest of models cannot be used.
            Unavailable: a classifier is missing or not of its form.
        """
        calibrations = read_calibrations(models_dir / "calibration", models_in_use(models_dir).values())
        return cls(calibrations, policy_file or DEFAULT_POLICY)

    def own(self) -> Policy:
        """The policy that decides where none was activated.

        Raises:
            PolicyInvalid: it cannot be used.
        """
        return load_policy(self.own_file, self.calibrations)

    def shipped(self) -> Policy:
        """The policy that the service ships with.

        Raises:
            PolicyInvalid: the calibrations lack what it names.
        """
        return load_policy(DEFAULT_POLICY, self.calibrations)

    def resolve(self, text: str) -> Policy:
        """The policy that ``text`` is.

        Raises:
            PolicyInvalid: it cannot be used on this installation.
        """
        return parse_policy(text.encode(), "text", self.calibrations)
