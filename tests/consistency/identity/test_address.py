from __future__ import annotations

from dataclasses import replace

import pytest

from kyc_service.consistency.identity.address import measure
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.claims import Claims
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.domain.facts import AddressFact, Facts, RegionFact
from kyc_service.domain.measurements import Finding, Measurement, NotAssessed
from kyc_service.domain.reasons import Reason

FRONT = frozenset({CaptureKind.DOCUMENT_FRONT})


def address(current: str | None, code: str = "000000") -> AddressFact:
    region = RegionFact(code, "省", None, None, None, 0.0, (), current_code=current)
    return AddressFact("省样例路1号", region, None, 0.0, ())


def compare(
    card: DocumentReading, claims: Claims, stated: AddressFact | None, printed: AddressFact | None
) -> Measurement:
    return measure(card, claims, Facts(stated_address=stated, printed_address=printed))


@pytest.mark.parametrize(
    ("stated", "printed", "expected"),
    [
        ("330106", "330106", ()),
        ("330106", "330102", ()),
        ("330106", "330100", ()),
        ("330106", "330206", (Reason.ADDRESS_DIFFERS,)),
        ("330106", "310104", (Reason.ADDRESS_DIFFERS,)),
        ("310104", "310115", ()),
        ("310104", "310000", ()),
        ("110105", "120101", (Reason.ADDRESS_DIFFERS,)),
        ("500101", "500240", ()),
        ("810000", "810000", ()),
        ("429004", "429004", ()),
        ("429004", "429005", (Reason.ADDRESS_DIFFERS,)),
        ("429004", "420106", (Reason.ADDRESS_DIFFERS,)),
        ("330000", "310000", (Reason.ADDRESS_DIFFERS,)),
    ],
)
def test_another_city_is_found(
    card: DocumentReading, claims: Claims, stated: str, printed: str, expected: tuple[Reason, ...]
) -> None:
    for one, other in ((stated, printed), (printed, stated)):
        found = compare(card, claims, address(one), address(other))
        assert isinstance(found, Finding)
        assert (found.reasons, found.captures) == (expected, FRONT)
        assert found.evidence.values["claimed_code"] == one
        assert found.evidence.values["document_code"] == other
        assert found.evidence.values["source"] == "applicant"


@pytest.mark.parametrize(
    ("stated", "printed"),
    [
        (address("330000"), address("330106")),
        (address("429000"), address("429004")),
        (address(None, "330106"), address("330106")),
        (None, address("330106")),
        (address("330106"), None),
        (replace(address("330106"), region=None), address("330106")),
    ],
)
def test_a_city_nobody_knows_is_unknown(
    card: DocumentReading, claims: Claims, stated: AddressFact | None, printed: AddressFact | None
) -> None:
    found = compare(card, claims, stated, printed)
    assert isinstance(found, NotAssessed)
    assert (found.reason, found.captures) == (Reason.FACT_UNKNOWN, FRONT)


@pytest.mark.parametrize("said", [None, "", " "])
def test_an_address_that_is_not_claimed_cannot_be_compared(
    card: DocumentReading, claims: Claims, said: str | None
) -> None:
    found = compare(card, replace(claims, address=said), None, address("330106"))
    assert isinstance(found, NotAssessed)
    assert found.reason is Reason.NOT_PROVIDED


@pytest.mark.parametrize("printed", [None, ""])
def test_an_address_that_was_not_read_cannot_be_compared(
    card: DocumentReading, claims: Claims, printed: str | None
) -> None:
    found = compare(replace(card, address=printed), claims, address("330106"), address("330106"))
    assert isinstance(found, NotAssessed)
    assert found.reason is Reason.FACT_UNKNOWN


def test_an_uncertain_address_neither_clears_nor_differs(card: DocumentReading, claims: Claims) -> None:
    fields = tuple(replace(f, is_certain=f.name is not FieldName.ADDRESS) for f in card.fields)
    found = compare(replace(card, fields=fields), claims, address("330106"), address("310104"))
    assert isinstance(found, Finding)
    assert found.reasons == (Reason.FIELD_UNCERTAIN,)
