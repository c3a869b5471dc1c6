from __future__ import annotations

from dataclasses import replace

from kyc_service.consistency.place.country import measure
from kyc_service.domain.claims import Claims
from kyc_service.domain.facts import Facts
from kyc_service.domain.measurements import Finding, NotAssessed
from kyc_service.domain.reasons import Reason


def test_the_country_is_told_and_not_judged(claims: Claims, facts: Facts) -> None:
    assert facts.position
    near = replace(facts, position=replace(facts.position, countries_in_reach=("HKG",)))
    found = measure(claims, near)
    assert isinstance(found, Finding)
    assert found.reasons == ()
    assert found.evidence.values == {
        "source": "applicant",
        "country": "CHN",
        "countries_in_reach": ["HKG"],
        "nearest_place": "Beijing",
    }


def test_a_position_in_no_country_is_unknown(claims: Claims, facts: Facts) -> None:
    assert facts.position
    for unknown in (replace(facts, position=None), replace(facts, position=replace(facts.position, country=None))):
        found = measure(claims, unknown)
        assert isinstance(found, NotAssessed)
        assert found.reason is Reason.FACT_UNKNOWN


def test_without_a_position_there_is_no_country(claims: Claims, facts: Facts) -> None:
    found = measure(replace(claims, device_location=None), facts)
    assert isinstance(found, NotAssessed)
    assert found.reason is Reason.NOT_PROVIDED
