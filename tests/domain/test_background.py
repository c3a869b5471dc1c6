from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from kyc_service.domain.background import NOTHING_KNOWN, Background


def test_nothing_is_known_unless_it_is_said() -> None:
    assert Background() == NOTHING_KNOWN
    assert NOTHING_KNOWN.history is None
    assert NOTHING_KNOWN.possession is None
    assert NOTHING_KNOWN.authorities == ()
    assert NOTHING_KNOWN.channels == frozenset()


def test_what_is_known_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        NOTHING_KNOWN.history = None  # type: ignore[misc]
