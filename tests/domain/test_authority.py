from __future__ import annotations

from kyc_service.domain.authority import Channel
from kyc_service.domain.checks import CheckName


def test_every_channel_has_its_check() -> None:
    checks = {check.value for check in CheckName if check.parent == "authority"}
    assert checks == {f"authority.{channel}" for channel in Channel}
