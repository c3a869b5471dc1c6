"""A genuine resident card, passport and licence; tests change one thing at a time with ``replace``."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import settings

from kyc_service.domain.authority import Answer, AuthorityAnswer, Channel
from kyc_service.domain.background import Background
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.claims import Claims, ClaimSource, Device, DeviceLocation, DocumentType
from kyc_service.domain.document import DocumentReading, FieldName, FieldReading, Sex
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
from kyc_service.domain.history import EarlierPosition, History, PhonePossession, Subject
from kyc_service.domain.measurements import Region

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("no_deadline", deadline=None)
settings.load_profile("no_deadline")

FRONT, BACK = CaptureKind.DOCUMENT_FRONT, CaptureKind.DOCUMENT_BACK
BARCODE = (
    "@\n\x1e\rANSI 636000100101DL00310158DLDAQT64235789\nDCSSAMPLE\nDDEN\nDACMICHAEL\nDDFN\nDADJOHN\nDDGN\n"
    "DBD06062019\nDBB06061986\nDBA12102034\nDBC1\nDAG2300 WEST BROAD STREET\nDAIRICHMOND\nDAJVA\nDAK232690000  \n"
    "DCGUSA\r"
)


def read(name: FieldName, text: str, capture: CaptureKind = FRONT) -> FieldReading:
    box = Region(capture, ((0, 0), (9, 0), (9, 9), (0, 9)), name.value)
    return FieldReading(name, capture, text, 0.99, 0.98, box, is_certain=True)


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.fixture
def card() -> DocumentReading:
    return DocumentReading(
        document_type=DocumentType.CN_RESIDENT_IDENTITY_CARD,
        issuing_country="CHN",
        fields=(
            read(FieldName.FULL_NAME, "阿依古丽·买买提"),
            read(FieldName.SEX, "女"),
            read(FieldName.DATE_OF_BIRTH, "1990年3月7日"),
            read(FieldName.ID_NUMBER, "11010119900307002X"),
            read(FieldName.ADDRESS, "北京市东城区样例路1号"),
            read(FieldName.VALID_FROM, "2020.05.06", BACK),
            read(FieldName.VALID_UNTIL, "2040.05.06", BACK),
        ),
        full_name="阿依古丽·买买提",
        sex=Sex.FEMALE,
        date_of_birth=date(1990, 3, 7),
        id_number="11010119900307002X",
        address="北京市东城区样例路1号",
        valid_from=date(2020, 5, 6),
        valid_until=date(2040, 5, 6),
    )


@pytest.fixture
def passport() -> DocumentReading:
    return DocumentReading(
        document_type=DocumentType.PASSPORT,
        issuing_country="UTO",
        fields=(read(FieldName.MRZ, "P<UTO..."),),
        full_name="ERIKSSON ANNA MARIA",
        sex=Sex.FEMALE,
        date_of_birth=date(1974, 8, 12),
        valid_until=date(2030, 4, 15),
        mrz_lines=("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F3004157ZE184226B<<<<<16"),
        printed_lines=(
            "UTOPIA  PASSPORT  L898902C3",
            "Surname: Eriksson",
            "12 AUG/AOÛT 1974",
            "Date of expiry 15.04.2030",
        ),
    )


@pytest.fixture
def licence() -> DocumentReading:
    return DocumentReading(
        document_type=DocumentType.DRIVING_LICENCE,
        issuing_country="USA",
        fields=(
            read(FieldName.BARCODE, BARCODE, BACK),
            read(FieldName.DOCUMENT_NUMBER, "T64235789"),
            read(FieldName.DATE_OF_BIRTH, "06/06/1986"),
            read(FieldName.VALID_UNTIL, "12/10/2034"),
        ),
        full_name="SAMPLE MICHAEL JOHN",
        sex=Sex.MALE,
        date_of_birth=date(1986, 6, 6),
        address="2300 WEST BROAD STREET, RICHMOND, VA 23269",
        valid_from=date(2019, 6, 6),
        valid_until=date(2034, 12, 10),
        printed_lines=(
            "4d LIC# T64235789",
            "1 SAMPLE",
            "2 MICHAEL JOHN",
            "3 DOB 06/06/1986",
            "4a ISS 06/06/2019 4b EXP 12/10/2034",
            "15 SEX M",
        ),
        barcode=BARCODE,
        captures=frozenset({FRONT, BACK}),
    )


@pytest.fixture
def claims(now: datetime) -> Claims:
    return Claims(
        full_name="阿依古丽·买买提",
        date_of_birth=date(1990, 3, 7),
        id_number="11010119900307002X",
        document_type=DocumentType.CN_RESIDENT_IDENTITY_CARD,
        issuing_country="CHN",
        phone_number="+8613800138000",
        device_location=DeviceLocation(39.9, 116.4, 20.0, now),
        address="北京市朝阳区样例路2号",
        ip_address="192.0.2.1",
        device=Device(id="device-1", timezone="Asia/Shanghai", clock=now),
        received_at=now,
        sources={"phone_number": ClaimSource.CLIENT, "ip_address": ClaimSource.OBSERVED},
    )


HERE = Position(39.9, 116.4)


def district(code: str, county: str) -> RegionFact:
    return RegionFact(code, "北京市", None, county, HERE, 20.0, (), current_code=code)


@pytest.fixture
def facts() -> Facts:
    chaoyang, dongcheng = district("110105", "朝阳区"), district("110101", "东城区")
    position = PositionFact(
        position=HERE,
        country="CHN",
        time_zone="Asia/Shanghai",
        utc_offset_minutes=480,
        nearest_place="Beijing",
        province="Beijing",
        nearest_place_distance_km=1.0,
        is_at_sea=False,
        sources=(),
    )
    return Facts(
        region=dongcheng,
        phone=PhoneFact(
            e164="+8613800138000",
            is_valid=True,
            line_type=LineType.MOBILE,
            country="CHN",
            region_zh="北京市",
            region_en="Beijing",
            carrier=None,
            time_zones=("Asia/Shanghai",),
            position=HERE,
            radius_km=50.0,
            sources=(),
        ),
        position=position,
        distance_device_to_document_region_km=0.0,
        distance_device_to_phone_region_km=12.5,
        distance_document_region_to_phone_region_km=3.0,
        device_utc_offset_minutes=480,
        stated_address=AddressFact("北京市朝阳区样例路2号", chaoyang, HERE, 20.0, ()),
        printed_address=AddressFact("北京市东城区样例路1号", dongcheng, HERE, 20.0, ()),
        ip=IpFact("CHN", "Beijing", HERE, 100.0, ()),
        photo=position,
        claimed_name=NameFact("阿依古丽·买买提", "阿依古丽·买买提", ("AYIGULI MAIMAITI",), ()),
        printed_name=NameFact("阿依古丽·买买提", "阿依古丽·买买提", ("AYIGULI MAIMAITI",), ()),
        distance_device_to_stated_address_km=1.0,
        distance_device_to_printed_address_km=2.0,
        distance_device_to_ip_km=4.0,
        distance_device_to_photo_km=5.0,
    )


@pytest.fixture
def background(now: datetime) -> Background:
    yesterday = now - timedelta(days=1)
    confirmed = (AuthorityAnswer(c, Answer.CONFIRMED, "ref-1", now) for c in Channel if c is not Channel.SANCTIONS)
    return Background(
        history=History(frozenset(Subject), positions=(EarlierPosition(Subject.PERSON, HERE, 20.0, yesterday),)),
        possession=PhonePossession("+8613800138000", now - timedelta(minutes=5)),
        authorities=(*confirmed, AuthorityAnswer(Channel.SANCTIONS, Answer.NOT_ON_RECORD, "ref-2", now)),
        channels=frozenset(Channel),
    )
