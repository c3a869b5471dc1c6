"""A genuine resident card, passport and licence; tests change one thing at a time with ``replace``."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import settings

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.claims import Claims, Device, DeviceLocation, DocumentType
from kyc_service.domain.document import DocumentReading, FieldName, FieldReading, Sex
from kyc_service.domain.facts import Facts, LineType, PhoneFact, Position, PositionFact
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
            read(FieldName.VALID_FROM, "2020.05.06", BACK),
            read(FieldName.VALID_UNTIL, "2040.05.06", BACK),
        ),
        full_name="阿依古丽·买买提",
        sex=Sex.FEMALE,
        date_of_birth=date(1990, 3, 7),
        id_number="11010119900307002X",
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
        device=Device(timezone="Asia/Shanghai"),
    )


@pytest.fixture
def facts() -> Facts:
    here = Position(39.9, 116.4)
    return Facts(
        phone=PhoneFact(
            e164="+8613800138000",
            is_valid=True,
            line_type=LineType.MOBILE,
            country="CHN",
            region_zh="北京市",
            region_en="Beijing",
            carrier=None,
            time_zones=("Asia/Shanghai",),
            position=here,
            radius_km=50.0,
            sources=(),
        ),
        position=PositionFact(
            position=here,
            country="CHN",
            time_zone="Asia/Shanghai",
            utc_offset_minutes=480,
            nearest_place="Beijing",
            province="Beijing",
            nearest_place_distance_km=1.0,
            is_at_sea=False,
            sources=(),
        ),
        distance_device_to_document_region_km=0.0,
        distance_device_to_phone_region_km=12.5,
        distance_document_region_to_phone_region_km=3.0,
        device_utc_offset_minutes=480,
    )
