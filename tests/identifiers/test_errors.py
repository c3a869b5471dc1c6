from __future__ import annotations

from kyc_service.errors import InvalidInput
from kyc_service.identifiers.errors import InvalidIdentifier


def test_every_error_is_invalid_input_with_a_code_of_its_own() -> None:
    leaves = InvalidIdentifier.__subclasses__()
    codes = {leaf.code for leaf in leaves} | {InvalidIdentifier.code}
    assert issubclass(InvalidIdentifier, InvalidInput)
    assert len(codes) == len(leaves) + 1
    assert all(leaf().message.endswith(".") for leaf in leaves)
