from __future__ import annotations

import pytest

from kyc_service.domain.claims import Claims, ClaimSource


@pytest.mark.parametrize("source", ClaimSource)
def test_a_claim_is_said_by_whoever_said_all_unless_it_is_said_apart(source: ClaimSource) -> None:
    claims = Claims(source=source, sources={"address": ClaimSource.OBSERVED})
    assert claims.source_of("full_name") is source
    assert claims.source_of("address") is ClaimSource.OBSERVED


def test_nobody_said_means_the_applicant_did() -> None:
    assert Claims().source_of("phone_number") is ClaimSource.APPLICANT
