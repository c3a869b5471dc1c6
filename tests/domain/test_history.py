from __future__ import annotations

from kyc_service.domain.checks import CheckName
from kyc_service.domain.history import WINDOWS, History, Subject


def test_the_windows_are_named_once_and_grow() -> None:
    names = [name for name, _ in WINDOWS]
    lengths = [length for _, length in WINDOWS]
    assert names == ["1h", "24h", "30d"]
    assert lengths == sorted(set(lengths))


def test_every_subject_has_its_check() -> None:
    velocity = {check.value for check in CheckName if check.parent == "velocity"}
    assert velocity == {f"velocity.{subject}" for subject in Subject}


def test_a_history_in_which_nothing_was_seen_accuses_nobody() -> None:
    history = History(frozenset(Subject))
    assert (history.counts, history.positions, history.phone_other_identities) == ((), (), 0)
    assert not history.person_had_other_phone
    assert not history.person_had_other_device
