"""Whatever is claimed, known and remembered: every check that applies is answered, in one way, and nothing is raised."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kyc_service.consistency import assess, not_applicable
from kyc_service.domain.authority import AuthorityAnswer, AuthorityFailure, Channel
from kyc_service.domain.background import NOTHING_KNOWN, Background
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import Claims, ClaimSource, Device, DeviceLocation, DocumentType
from kyc_service.domain.document import DocumentReading, FieldName, FieldReading
from kyc_service.domain.facts import (
    AddressFact,
    Facts,
    IpFact,
    LineType,
    NameFact,
    PhoneFact,
    Position,
    PositionFact,
    RegionFact,
)
from kyc_service.domain.history import WINDOWS, Count, EarlierPosition, History, PhonePossession, Subject
from kyc_service.domain.measurements import Finding, Measurement, NotAssessed, Score

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
NUMBER = "+8613800138000"
BRANCHES = ("document.data_", "phone", "geolocation", "velocity", "authority")
OWN = frozenset(check for check in CheckName if check.parent.startswith(BRANCHES))
MANY = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))

times = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001 - made aware
floats = st.floats()
maybe_km = st.none() | floats
words = st.none() | st.sampled_from(
    ["", " ", "张三", "張三", "Zhang San", "阿依古丽·买买提", "\u200b", "·", "ZHANG", "%s"]
)
codes = st.none() | st.sampled_from(["", "33", "330106", "330000", "429004", "810000", "x"])
countries = st.none() | st.sampled_from(["CHN", "HKG", "MAC", "TWN", "UTO", ""])
subjects = st.sampled_from(list(Subject))
positions = st.builds(Position, floats, floats)
regions = st.builds(
    RegionFact,
    code=st.just("330106"),
    province=st.just("浙江省"),
    city=words,
    county=words,
    position=st.none() | positions,
    radius_km=floats,
    sources=st.just(()),
    current_code=codes,
)
addresses = st.builds(AddressFact, st.just("x"), st.none() | regions, st.none() | positions, floats, st.just(()))
offsets = st.none() | st.integers(-900, 900)
position_facts = st.builds(
    PositionFact,
    position=positions,
    country=countries,
    time_zone=words,
    utc_offset_minutes=offsets,
    nearest_place=words,
    province=words,
    nearest_place_distance_km=maybe_km,
    is_at_sea=st.booleans(),
    sources=st.just(()),
    countries_in_reach=st.sampled_from([(), ("HKG",)]),
    utc_offsets_in_reach_minutes=st.sampled_from([(), (480,)]),
)
phones = st.builds(
    PhoneFact,
    e164=st.none() | st.just(NUMBER),
    is_valid=st.booleans(),
    line_type=st.sampled_from(list(LineType)),
    country=countries,
    region_zh=words,
    region_en=words,
    carrier=words,
    time_zones=st.just(()),
    position=st.none() | positions,
    radius_km=floats,
    sources=st.just(()),
)
name_facts = st.builds(
    NameFact, words.map(str), words.map(str), st.sampled_from([(), ("ZHANG SAN",), ("",), (" ",)]), st.just(())
)
all_facts = st.builds(
    Facts,
    region=st.none() | regions,
    phone=st.none() | phones,
    position=st.none() | position_facts,
    distance_device_to_document_region_km=maybe_km,
    distance_device_to_phone_region_km=maybe_km,
    distance_document_region_to_phone_region_km=maybe_km,
    device_utc_offset_minutes=offsets,
    stated_address=st.none() | addresses,
    printed_address=st.none() | addresses,
    ip=st.none() | st.builds(IpFact, countries, words, st.none() | positions, floats, st.just(())),
    photo=st.none() | position_facts,
    claimed_name=st.none() | name_facts,
    printed_name=st.none() | name_facts,
    distance_device_to_stated_address_km=maybe_km,
    distance_device_to_printed_address_km=maybe_km,
    distance_device_to_ip_km=maybe_km,
    distance_device_to_photo_km=maybe_km,
    looks_like_gcj02=st.booleans(),
)
sources = st.sampled_from(list(ClaimSource))
locations = st.builds(DeviceLocation, floats, floats, st.none() | floats, st.none() | times)
all_claims = st.builds(
    Claims,
    full_name=words,
    date_of_birth=st.none() | st.dates(),
    id_number=words | st.just("11010119900307002X"),
    document_type=st.none() | st.sampled_from(list(DocumentType)),
    issuing_country=countries,
    phone_number=words,
    address=words,
    device_location=st.none() | locations,
    ip_address=words,
    device=st.none() | st.builds(Device, words, words, words, st.none() | times),
    phone_confirmed_at=st.none() | times,
    received_at=st.none() | times,
    source=sources,
    sources=st.dictionaries(st.sampled_from(["phone_number", "device_location", "address"]), sources),
)
counts = st.builds(
    Count, subjects, st.sampled_from([name for name, _ in WINDOWS]), st.integers(0, 10**6), st.integers(0, 10**6)
)
histories = st.builds(
    History,
    subjects=st.frozensets(subjects),
    counts=st.lists(counts).map(tuple),
    positions=st.lists(st.builds(EarlierPosition, subjects, positions, floats, times)).map(tuple),
    phone_other_identities=st.integers(0, 10**6),
    person_had_other_phone=st.booleans(),
    person_had_other_device=st.booleans(),
)
entries = st.one_of(
    st.builds(AuthorityAnswer, at=times), st.builds(AuthorityFailure, channel=st.sampled_from(list(Channel)))
)
backgrounds = st.builds(
    Background,
    history=st.none() | histories,
    possession=st.none() | st.builds(PhonePossession, st.sampled_from([NUMBER, "+8613800138001", ""]), times),
    authorities=st.lists(entries, max_size=6).map(tuple),
    channels=st.frozensets(st.sampled_from(list(Channel))),
)
fields = st.builds(
    FieldReading,
    name=st.sampled_from(list(FieldName)),
    capture=st.sampled_from([CaptureKind.DOCUMENT_FRONT, CaptureKind.DOCUMENT_BACK]),
    text=words.map(str),
    confidence=st.just(0.9),
    min_confidence=st.just(0.9),
    is_certain=st.booleans(),
)
documents = st.none() | st.builds(
    DocumentReading,
    document_type=st.sampled_from(list(DocumentType)),
    issuing_country=countries,
    fields=st.lists(fields, max_size=5).map(tuple),
    full_name=words,
    date_of_birth=st.none() | st.dates(),
    id_number=words | st.sampled_from(["11010119900307002X", "81000019900307002X"]),
    address=words,
    valid_from=st.none() | st.dates(),
    valid_until=st.none() | st.dates(),
    valid_until_is_open=st.booleans(),
    printed_lines=st.just(()),
    barcode=st.none() | st.just("@"),
)


def weight(measurement: Measurement) -> str:
    return repr(measurement)


@MANY
@given(documents, all_claims, all_facts, backgrounds)
def test_whatever_is_known_exactly_the_checks_that_apply_are_answered(
    document: DocumentReading | None, claims: Claims, facts: Facts, background: Background
) -> None:
    found = assess(document, claims, facts, NOW, background)
    skipped = not_applicable(document) if document else frozenset()
    assert {m.check for m in found} == OWN - skipped
    assert all(0.0 <= m.mapped <= 100.0 for m in found if isinstance(m, Score))


@MANY
@given(all_claims, all_facts, backgrounds, st.randoms(use_true_random=False))
def test_the_order_of_what_is_remembered_does_not_matter(
    claims: Claims, facts: Facts, background: Background, chance: random.Random
) -> None:
    history = background.history
    shuffled = replace(
        background,
        authorities=tuple(chance.sample(background.authorities, len(background.authorities))),
        history=history
        and replace(
            history,
            counts=tuple(chance.sample(history.counts, len(history.counts))),
            positions=tuple(chance.sample(history.positions, len(history.positions))),
        ),
    )
    one, other = (assess(None, claims, facts, NOW, known) for known in (background, shuffled))
    assert list(map(weight, one)) == list(map(weight, other))


@MANY
@given(all_claims, all_facts, backgrounds)
def test_what_nobody_remembers_clears_nothing(claims: Claims, facts: Facts, background: Background) -> None:
    """Without history, code and registers no check is answered that needs them."""
    needs = {CheckName.PHONE_REUSE, CheckName.IMPOSSIBLE_TRAVEL}
    for m in assess(None, replace(claims, phone_confirmed_at=None), facts, NOW, NOTHING_KNOWN):
        if m.check in needs | {CheckName.PHONE_POSSESSION} or m.check.parent in {"velocity", "authority"}:
            assert isinstance(m, NotAssessed)
    for m in assess(None, claims, facts, NOW, replace(background, authorities=())):
        assert m.check.parent != "authority" or isinstance(m, NotAssessed)


@MANY
@given(all_claims, all_facts, histories, counts)
def test_more_of_the_same_is_never_less(claims: Claims, facts: Facts, history: History, more: Count) -> None:
    """A further count and a further earlier position raise scores or leave them."""
    assumed = replace(history, subjects=frozenset(Subject))
    again = EarlierPosition(more.subject, Position(0.0, 0.0), 0.0, NOW - timedelta(hours=1))
    grown = replace(assumed, counts=(*assumed.counts, more), positions=(*assumed.positions, again))
    before = {(m.check, m.name): m.native for m in scores(claims, facts, assumed)}
    after = {(m.check, m.name): m.native for m in scores(claims, facts, grown)}
    assert before.keys() <= after.keys()
    assert all(after[key] >= value for key, value in before.items())


def scores(claims: Claims, facts: Facts, history: History) -> list[Score]:
    found = assess(None, claims, facts, NOW, Background(history=history))
    return [m for m in found if isinstance(m, Score) and m.check.parent in {"velocity", "geolocation"}]


@pytest.mark.parametrize("check", sorted(OWN))
def test_every_check_can_be_clear(
    check: CheckName,
    card: DocumentReading,
    passport: DocumentReading,
    licence: DocumentReading,
    claims: Claims,
    facts: Facts,
    now: datetime,
    background: Background,
) -> None:
    found = [m for document in (card, passport, licence) for m in assess(document, claims, facts, now, background)]
    mine = [m for m in found if m.check is check]
    assert any(isinstance(m, Score) or (isinstance(m, Finding) and not m.reasons) for m in mine)
