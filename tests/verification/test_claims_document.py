from __future__ import annotations

import contextlib
import json
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from kyc_service.domain.claims import Claims, ClaimSource, Datum, Device, DeviceLocation, DocumentType
from kyc_service.verification.claims_document import (
    ClaimsDocument,
    ClaimsInvalid,
    SourcesDocument,
    claims_from_bytes,
    claims_from_json,
    claims_to_bytes,
)

FULL = {
    "full_name": " 张伟 ",
    "date_of_birth": "1990-03-07",
    "id_number": "11010119900307123X",
    "document_type": "cn_resident_identity_card",
    "issuing_country": "CHN",
    "phone_number": "+8613800138000",
    "address": "somewhere",
    "device_location": {
        "latitude": 39.9,
        "longitude": 116.4,
        "accuracy_m": 5,
        "captured_at": "2026-01-02T03:04:05Z",
        "datum": "gcj02",
    },
    "ip_address": "2001:db8::1",
    "device": {"id": "d", "timezone": "Asia/Shanghai", "locale": "zh-CN", "clock": "2026-01-02T11:04:06+08:00"},
    "phone_confirmed_at": "2025-12-31T23:59:59Z",
    "sources": {"phone_number": "client", "ip_address": "observed"},
}


def test_every_key_arrives() -> None:
    assert claims_from_json(json.dumps(FULL)) == Claims(
        "张伟",
        date(1990, 3, 7),
        "11010119900307123X",
        DocumentType.CN_RESIDENT_IDENTITY_CARD,
        "CHN",
        "+8613800138000",
        "somewhere",
        DeviceLocation(39.9, 116.4, 5.0, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), Datum.GCJ02),
        "2001:db8::1",
        Device("d", "Asia/Shanghai", "zh-CN", datetime(2026, 1, 2, 3, 4, 6, tzinfo=UTC)),
        datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC),
        None,
        ClaimSource.APPLICANT,
        {"phone_number": ClaimSource.CLIENT, "ip_address": ClaimSource.OBSERVED},
    )


def test_nothing_is_valid_too() -> None:
    assert claims_from_json("{}") == Claims()


def test_a_byte_order_mark_is_no_mistake() -> None:
    assert claims_from_json(json.dumps(FULL).encode("utf-8-sig")) == claims_from_json(json.dumps(FULL))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"full_name": "张伟"\n "address": 1}', "line 2, column 2."),
        ("{'full_name': 1}", "line 1, column 2."),
        ('{"full_name": "张\n伟"}', "line 2, column 0."),
        ("", "line 1, column 0."),
        ('{"full_name": "张伟"}'.encode("gbk"), "UTF-8"),
        ('{"full_name": "张伟"}'.encode("utf-16"), "UTF-8"),
    ],
)
def test_broken_json_is_told_by_its_place_and_not_by_what_it_says(text: str | bytes, said: str) -> None:
    with pytest.raises(ClaimsInvalid) as refused:
        claims_from_json(text)
    (mistake,) = refused.value.problems
    assert said in mistake["detail"]
    assert not set(mistake["detail"]) & set("张伟")


@pytest.mark.parametrize("source", ClaimSource)
def test_claims_survive_storage(source: ClaimSource) -> None:
    claims = Claims(full_name="𠮷野", device_location=DeviceLocation(1.5, -2.5), source=source)
    assert claims_from_bytes(claims_to_bytes(claims)) == claims


def test_everything_survives_storage_with_the_time_it_came() -> None:
    claims = replace(claims_from_json(json.dumps(FULL)), received_at=datetime(2026, 1, 2, 3, 5, tzinfo=UTC))
    assert claims_from_bytes(claims_to_bytes(claims)) == claims


def test_every_claim_has_a_word_for_who_said_it() -> None:
    about = {"phone_confirmed_at", "received_at", "source", "sources"}
    assert set(SourcesDocument.model_fields) == {field.name for field in fields(Claims)} - about
    claims = claims_from_json(json.dumps(FULL))
    assert claims.source_of("phone_number") is ClaimSource.CLIENT
    assert claims.source_of("full_name") is ClaimSource.APPLICANT


@pytest.mark.parametrize("key", ["received_at", "source"])
def test_nobody_outside_says_when_claims_came(key: str) -> None:
    with pytest.raises(ClaimsInvalid):
        claims_from_json(json.dumps({key: "2026-01-02T03:05:00Z"}))


def test_claims_that_were_sealed_before_there_were_sources_still_open() -> None:
    old = b'{"full_name":"a","device_location":{"latitude":1.0,"longitude":2.0},"source":"applicant"}'
    assert claims_from_bytes(old) == Claims(full_name="a", device_location=DeviceLocation(1.0, 2.0))


def test_positions_off_the_earth_are_for_a_check_not_for_the_form() -> None:
    claims = claims_from_json('{"device_location": {"latitude": 239.9, "longitude": 0}}')
    assert claims.device_location == DeviceLocation(239.9, 0)


TYPED = "Kestrel4711"


@pytest.mark.parametrize(
    ("document", "at", "code"),
    [
        ({TYPED: "x"}, "", "extra_forbidden"),
        ({"device": {TYPED: "x"}}, "device", "extra_forbidden"),
        ({"full_name": TYPED * 20}, "full_name", "string_too_long"),
        ({"full_name": " "}, "full_name", "string_too_short"),
        ({"full_name": f"{TYPED}\u0000"}, "full_name", "string_pattern_mismatch"),
        ({"date_of_birth": TYPED}, "date_of_birth", "date_form"),
        ({"document_type": TYPED}, "document_type", "enum"),
        ({"sources": {TYPED: "client"}}, "sources", "extra_forbidden"),
        ({"sources": {"full_name": TYPED}}, "sources.full_name", "enum"),
        ({"phone_confirmed_at": TYPED}, "phone_confirmed_at", "time_form"),
        ({"device": {"clock": "2026-01-02T03:04:05"}}, "device.clock", "timezone_aware"),
        ({"issuing_country": TYPED}, "issuing_country", "string_pattern_mismatch"),
        ({"ip_address": TYPED}, "ip_address", "string_pattern_mismatch"),
        ({"device_location": {"latitude": TYPED, "longitude": 1}}, "device_location.latitude", "float_type"),
        ({"device_location": {"latitude": 1}}, "device_location.longitude", "missing"),
        (
            {"device_location": {"latitude": 1, "longitude": 1, "captured_at": "2026-01-02T03:04:05"}},
            "device_location.captured_at",
            "timezone_aware",
        ),
    ],
)
def test_mistakes_are_named_by_place_and_kind_never_by_value(document: dict[str, Any], at: str, code: str) -> None:
    with pytest.raises(ClaimsInvalid) as refused:
        claims_from_json(json.dumps(document))
    (problem,) = refused.value.problems
    assert (problem["at"], problem["code"]) == (at, code)
    assert TYPED not in str(refused.value.problems) + str(refused.value)
    assert refused.value.__cause__ is None


def _position(**values: Any) -> dict[str, Any]:
    return {"device_location": {"latitude": 1, "longitude": 1, **values}}


@pytest.mark.parametrize(
    "document",
    [
        *(
            {"date_of_birth": value}
            for value in (0, 641433600, 1.5, True, "0", "641433600", "1990-3-7", "１９９０-03-07")
        ),
        *({"date_of_birth": value} for value in ("1990-03-07T00:00:00Z", "1990-02-30", "", [], {})),
        *(_position(captured_at=value) for value in (0, 1767323045, True, "1767323045", "2026-01-02", "")),
        *(_position(datum=value) for value in ("WGS-84", "gcj-02", 1, None)),
        *({"device": {"clock": value}} for value in (0, "1767323045", "2026-01-02")),
        *({"sources": value} for value in ({"full_name": "bank"}, {"full_name": 1}, [], "client", None)),
        *(_position(latitude=value) for value in (True, "39.9", "1e3", None)),
        *(_position(accuracy_m=value) for value in (True, "5", -1)),
        *({key: 7} for key in ("full_name", "id_number", "phone_number", "address", "document_type", "ip_address")),
    ],
)
def test_values_are_of_the_kind_that_is_meant_and_not_made_so(document: dict[str, Any]) -> None:
    with pytest.raises(ClaimsInvalid):
        claims_from_json(json.dumps(document))
    with pytest.raises(ValidationError):
        ClaimsDocument.model_validate(document)


@pytest.mark.parametrize("time", ["2026-01-02T03:04:05Z", "2026-01-02t03:04:05.25z", "2026-01-02T11:04:05+08:00"])
def test_times_are_those_of_rfc_3339(time: str) -> None:
    location = claims_from_json(json.dumps(_position(captured_at=time))).device_location
    assert location is not None
    assert location.captured_at is not None
    assert location.captured_at.replace(microsecond=0) == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_are_finite(number: str) -> None:
    with pytest.raises(ClaimsInvalid):
        claims_from_json(f'{{"device_location": {{"latitude": {number}, "longitude": 0}}}}')


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "[" * 60_000, '{"full_name": "\\ud800"}', b"\xff"])
def test_what_is_no_claims_document_is_refused(text: str | bytes) -> None:
    with pytest.raises(ClaimsInvalid):
        claims_from_json(text)


@settings(max_examples=40)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda c: st.dictionaries(st.text(), c), max_leaves=5
    )
)
def test_no_json_brings_it_down(value: object) -> None:
    with contextlib.suppress(ClaimsInvalid):
        claims_from_json(json.dumps({"full_name": value, "device": value}))
