from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.storage.keys import KEY_BYTES, DataKey, MasterKey, SealBroken

MASTER = MasterKey(b"m" * KEY_BYTES)
KEY = DataKey("ver_a", b"k" * KEY_BYTES)


@given(st.binary(max_size=200), st.text(max_size=20))
def test_what_is_sealed_opens_again(plaintext: bytes, purpose: str) -> None:
    assert KEY.open(KEY.seal(plaintext, purpose), purpose) == plaintext


def test_equal_plaintexts_give_different_ciphertexts() -> None:
    assert KEY.seal(b"same", "claims") != KEY.seal(b"same", "claims")


@pytest.mark.parametrize(
    ("key", "purpose"),
    [
        (DataKey("ver_b", b"k" * KEY_BYTES), "claims"),
        (DataKey("ver_a", b"x" * KEY_BYTES), "claims"),
        (KEY, "report:1"),
    ],
    ids=["another verification", "another key", "another purpose"],
)
def test_a_seal_is_bound_to_verification_key_and_purpose(key: DataKey, purpose: str) -> None:
    sealed = KEY.seal(b"secret", "claims")
    with pytest.raises(SealBroken):
        key.open(sealed, purpose)


@pytest.mark.parametrize("position", range(35))
@pytest.mark.parametrize("change", [1, 128])
def test_any_changed_byte_breaks_the_seal(position: int, change: int) -> None:
    sealed = bytearray(KEY.seal(b"secret", "claims"))
    sealed[position] ^= change
    with pytest.raises(SealBroken):
        KEY.open(bytes(sealed), "claims")


@pytest.mark.parametrize("length", [0, 1, 12, 13, 20])
def test_a_cut_off_seal_is_broken(length: int) -> None:
    with pytest.raises(SealBroken):
        KEY.open(KEY.seal(b"secret", "claims")[:length], "claims")


def test_a_wrapped_key_belongs_to_one_verification_and_one_master_key() -> None:
    key, kept = MASTER.new_data_key("ver_a")
    wrapped = kept.wrapped
    assert MASTER.unwrap("ver_a", wrapped) == key
    assert key.secret not in wrapped
    with pytest.raises(SealBroken):
        MASTER.unwrap("ver_b", wrapped)
    with pytest.raises(SealBroken):
        MasterKey(b"n" * KEY_BYTES).unwrap("ver_a", wrapped)


def test_keys_do_not_show_themselves() -> None:
    assert "kkkk" not in repr(KEY)
    assert "mmmm" not in repr(MASTER)


def test_digests_are_stable_and_keyed() -> None:
    assert MASTER.digest(b"a") == MASTER.digest(b"a") != MASTER.digest(b"b")
    assert MASTER.digest(b"a") != MasterKey(b"n" * KEY_BYTES).digest(b"a")


def test_during_a_rotation_both_keys_open_and_the_new_one_wraps() -> None:
    after = MasterKey(b"n" * KEY_BYTES, previous=MASTER)
    old, new = MASTER.new_data_key("ver_a"), after.new_data_key("ver_a")
    assert after.unwrap("ver_a", old[1].wrapped) == old[0]
    assert after.unwrap("ver_a", new[1].wrapped) == new[0]
    assert (old[1].master_key_id, new[1].master_key_id) == (MASTER.id, after.id)
    with pytest.raises(SealBroken):
        MASTER.unwrap("ver_a", new[1].wrapped)


def test_digests_and_service_seals_outlive_the_master_key() -> None:
    before = MasterKey(b"m" * KEY_BYTES, digest_secret=b"d" * KEY_BYTES)
    after = MasterKey(b"n" * KEY_BYTES, digest_secret=b"d" * KEY_BYTES)
    assert before.digest(b"a") == after.digest(b"a")
    assert after.open_for_service(before.seal_for_service(b"secret", "webhook:whs_a"), "webhook:whs_a") == b"secret"
    with pytest.raises(SealBroken):
        after.open_for_service(before.seal_for_service(b"secret", "webhook:whs_a"), "webhook:whs_b")


def test_an_enrolments_key_is_its_own() -> None:
    key, stored = MASTER.new_enrolment_key("enr_a")
    assert MASTER.unwrap("enr_a", stored.wrapped) == key
    with pytest.raises(SealBroken):
        MASTER.unwrap("enr_b", stored.wrapped)


def test_a_master_keys_name_says_nothing_of_it() -> None:
    assert len(MASTER.id) == 16
    assert MASTER.id != MasterKey(b"n" * KEY_BYTES).id
    assert MASTER.id not in MASTER.secret.hex()
