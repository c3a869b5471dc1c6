from __future__ import annotations

from kyc_service.consistency.evidence import backed_by, claimed_by
from kyc_service.domain.claims import Claims, ClaimSource


def test_the_source_is_that_of_the_single_claim_before_that_of_all() -> None:
    claims = Claims(source=ClaimSource.CLIENT, sources={"device": ClaimSource.OBSERVED})
    assert claimed_by(claims, "device") == {"source": "observed"}
    assert claimed_by(claims, "address", "device") == {"source": "client", "device_source": "observed"}


def test_values_join_the_source() -> None:
    assert backed_by({"source": "client"}, e164=None).values == {"source": "client", "e164": None}
