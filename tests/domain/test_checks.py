from __future__ import annotations

import re

from kyc_service.domain.checks import CheckName


def test_every_check_hangs_on_a_branch() -> None:
    for check in CheckName:
        assert re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", check.value)
        assert check.value.startswith(check.parent + ".")


def test_no_check_is_a_branch_of_another() -> None:
    assert not {check.parent for check in CheckName} & {check.value for check in CheckName}
