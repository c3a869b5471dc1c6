from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kyc_service.consistency import resident_card
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.document import DocumentReading, FieldName, FieldReading, Sex
from kyc_service.domain.facts import RegionFact
from kyc_service.domain.measurements import Finding, Measurement, NotAssessed
from kyc_service.domain.reasons import Reason

MOVED_FROM = RegionFact("420106", "湖北省", "武汉市", "武昌区", None, 10.0, ())
FRONT = frozenset({CaptureKind.DOCUMENT_FRONT})
BOTH = frozenset({CaptureKind.DOCUMENT_FRONT, CaptureKind.DOCUMENT_BACK})


def measure(document: DocumentReading | None, region: RegionFact | None = None) -> tuple[Measurement, ...]:
    return resident_card.measure(document, date(2026, 11, 23), region)


def number(card: DocumentReading) -> Measurement:
    return measure(card)[0]


def front_back(card: DocumentReading) -> Measurement:
    return measure(card)[1]


def test_a_genuine_card_agrees_with_itself(card: DocumentReading) -> None:
    first, second = measure(card)
    assert isinstance(first, Finding)
    assert isinstance(second, Finding)
    assert (first.check, first.reasons, first.captures) == (CheckName.NUMBER_CONSISTENCY, (), FRONT)
    assert (second.check, second.reasons, second.captures) == (CheckName.FRONT_BACK_CONSISTENCY, (), BOTH)
    assert second.evidence.values["lawful_terms_years"] == [20]


@pytest.mark.parametrize(
    ("born", "sex", "expected"),
    [
        (date(1990, 3, 8), Sex.FEMALE, (Reason.BIRTH_DATE_CONTRADICTS_NUMBER,)),
        (date(1990, 3, 7), Sex.MALE, (Reason.SEX_CONTRADICTS_NUMBER,)),
        (date(1990, 3, 8), Sex.MALE, (Reason.BIRTH_DATE_CONTRADICTS_NUMBER, Reason.SEX_CONTRADICTS_NUMBER)),
        (None, Sex.MALE, (Reason.SEX_CONTRADICTS_NUMBER,)),
        (date(1990, 3, 8), None, (Reason.BIRTH_DATE_CONTRADICTS_NUMBER,)),
    ],
)
def test_print_that_contradicts_the_number_is_found(
    card: DocumentReading, born: date | None, sex: Sex | None, expected: tuple[Reason, ...]
) -> None:
    found = number(replace(card, date_of_birth=born, sex=sex))
    assert isinstance(found, Finding)
    assert found.reasons == expected
    assert found.evidence.values["number_birth_date"] == "1990-03-07"


@pytest.mark.parametrize(
    ("born", "sex", "cause"),
    [
        (None, Sex.FEMALE, "date_of_birth"),
        (date(1990, 3, 7), None, "sex"),
        (None, None, "date_of_birth"),
    ],
)
def test_what_was_not_read_agrees_with_nothing(
    card: DocumentReading, born: date | None, sex: Sex | None, cause: str
) -> None:
    found = number(replace(card, date_of_birth=born, sex=sex))
    assert isinstance(found, NotAssessed)
    assert (found.reason, found.cause) == (Reason.FACT_UNKNOWN, f"not read: {cause}")


@pytest.mark.parametrize("text", ["11010119900307", "110101199013070020"])
def test_an_unreadable_number_agrees_with_nothing(card: DocumentReading, text: str) -> None:
    found = number(replace(card, id_number=text))
    assert isinstance(found, NotAssessed)
    assert (found.reason, found.captures) == (Reason.FACT_UNKNOWN, FRONT)


def test_a_number_left_unparsed_is_taken_from_its_text(card: DocumentReading) -> None:
    assert isinstance(number(replace(card, id_number=None)), Finding)
    assert isinstance(number(replace(card, id_number=None, fields=())), NotAssessed)


def test_a_wrong_check_digit_hides_no_contradiction(card: DocumentReading) -> None:
    found = number(replace(card, id_number="110101199003080020"))
    assert isinstance(found, Finding)
    assert found.reasons == (Reason.BIRTH_DATE_CONTRADICTS_NUMBER,)


def test_an_uncertain_sex_contradicts_nothing(card: DocumentReading) -> None:
    fields = tuple(replace(f, is_certain=f.name is not FieldName.SEX) for f in card.fields)
    found = number(replace(card, sex=Sex.MALE, fields=fields))
    assert isinstance(found, Finding)
    assert found.reasons == (Reason.FIELD_UNCERTAIN,)
    assert found.evidence.values["uncertain_fields"] == ["sex"]


@pytest.fixture
def foreign_card(card: DocumentReading) -> DocumentReading:
    return replace(
        card,
        document_type=DocumentType.CN_FOREIGN_PERMANENT_RESIDENT_CARD,
        date_of_birth=date(1981, 8, 3),
        id_number="911124198108030024",
    )


def test_a_foreigners_card_agrees_with_its_number_and_has_no_back_to_compare(foreign_card: DocumentReading) -> None:
    (found,) = measure(foreign_card)
    assert isinstance(found, Finding)
    assert (found.check, found.reasons, found.captures) == (CheckName.NUMBER_CONSISTENCY, (), FRONT)
    assert found.evidence.values["number_birth_date"] == "1981-08-03"


@pytest.mark.parametrize(
    ("born", "sex", "expected"),
    [
        (date(1981, 8, 4), Sex.FEMALE, Reason.BIRTH_DATE_CONTRADICTS_NUMBER),
        (date(1981, 8, 3), Sex.MALE, Reason.SEX_CONTRADICTS_NUMBER),
    ],
)
def test_print_that_contradicts_a_foreigners_number_is_found(
    foreign_card: DocumentReading, born: date, sex: Sex, expected: Reason
) -> None:
    found = number(replace(foreign_card, date_of_birth=born, sex=sex))
    assert isinstance(found, Finding)
    assert found.reasons == (expected,)


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        (date(1908, 3, 1), (Reason.BIRTH_DATE_CONTRADICTS_NUMBER,)),
        (date(2008, 10, 31), ()),
        (date(1908, 10, 31), ()),  # the number does not say the century
    ],
)
@pytest.mark.parametrize("sex", [None, Sex.MALE, Sex.FEMALE])
def test_a_number_of_2017_has_a_birth_date_and_no_sex(
    foreign_card: DocumentReading, born: date, sex: Sex | None, expected: tuple[Reason, ...]
) -> None:
    found = number(replace(foreign_card, id_number="CAN110008103110", date_of_birth=born, sex=sex))
    assert isinstance(found, Finding)
    assert found.reasons == expected
    assert found.evidence.values["number_sex"] is None


def test_a_foreigners_number_in_another_form_agrees_with_nothing(foreign_card: DocumentReading) -> None:
    assert isinstance(number(replace(foreign_card, id_number="11010119900307002X")), NotAssessed)


LONG = None


@pytest.mark.parametrize(
    ("age_days", "years", "is_lawful"),
    [
        ((15, 300), 5, True),
        ((15, 300), 10, False),
        ((16, 0), 10, True),
        ((16, 0), 5, True),  # applied for before the birthday
        ((16, 200), 5, False),
        ((25, 300), 10, True),
        ((25, 300), 20, False),
        ((26, 200), 20, True),
        ((26, 200), 10, False),
        ((45, 300), 20, True),
        ((45, 300), LONG, False),
        ((46, 200), LONG, True),
        ((46, 200), 20, False),
        ((46, 10), 20, True),  # applied for before the birthday
    ],
)
def test_the_term_follows_from_the_age_at_issue(
    card: DocumentReading, age_days: tuple[int, int], years: int | None, *, is_lawful: bool
) -> None:
    begin = date(2020, 11, 6)
    born = date.fromordinal(begin.replace(year=begin.year - age_days[0]).toordinal() - age_days[1])
    until = begin.replace(year=begin.year + years) if years else None
    found = front_back(
        replace(card, date_of_birth=born, valid_from=begin, valid_until=until, valid_until_is_open=years is None)
    )
    assert isinstance(found, Finding)
    assert found.reasons == (() if is_lawful else (Reason.VALIDITY_CONTRADICTS_AGE,))


@pytest.mark.parametrize("region", ["81", "82", "83"])
@pytest.mark.parametrize(("until", "is_lawful"), [(date(2025, 5, 6), True), (date(2040, 5, 6), False)])
def test_permits_of_who_is_from_hong_kong_macau_or_taiwan_last_five_years(
    card: DocumentReading, region: str, until: date, *, is_lawful: bool
) -> None:
    permit = replace(card, id_number=f"{region}0000{(card.id_number or '')[6:]}", valid_until=until)
    found = front_back(permit)
    assert isinstance(found, Finding)
    assert found.reasons == (() if is_lawful else (Reason.VALIDITY_CONTRADICTS_AGE,))


@pytest.mark.parametrize(
    ("begin", "until", "is_lawful"),
    [
        (date(2020, 5, 6), date(2040, 5, 7), False),
        (date(2020, 5, 6), date(2040, 6, 6), False),
        (date(2020, 2, 29), date(2040, 2, 29), True),
        (date(2020, 2, 29), date(2040, 2, 28), True),
        (date(2020, 2, 29), date(2040, 3, 1), True),
        (date(2020, 2, 29), date(2040, 3, 2), False),
    ],
)
def test_a_term_ends_on_the_day_it_began(card: DocumentReading, begin: date, until: date, *, is_lawful: bool) -> None:
    found = front_back(replace(card, valid_from=begin, valid_until=until))
    assert isinstance(found, Finding)
    assert (found.reasons == ()) is is_lawful


def test_without_the_back_there_is_nothing_to_compare(card: DocumentReading) -> None:
    front = tuple(f for f in card.fields if f.capture is CaptureKind.DOCUMENT_FRONT)
    found = front_back(replace(card, valid_from=None, valid_until=None, fields=front))
    assert isinstance(found, NotAssessed)
    assert (found.reason, found.captures) == (Reason.CAPTURE_MISSING, BOTH)


@pytest.mark.parametrize("absent", ["valid_from", "valid_until", "date_of_birth"])
def test_an_unread_date_is_not_a_missing_capture(card: DocumentReading, absent: str) -> None:
    dates = {"valid_from": card.valid_from, "valid_until": card.valid_until, "date_of_birth": card.date_of_birth}
    found = front_back(replace(card, **(dates | {absent: None})))
    assert isinstance(found, NotAssessed)
    assert found.reason is Reason.FACT_UNKNOWN


def issued(card: DocumentReading, authority: str, address: str | None, *, is_certain: bool = True) -> DocumentReading:
    """``card`` with an authority on its back and an address on its front."""
    fields = [FieldReading(FieldName.AUTHORITY, CaptureKind.DOCUMENT_BACK, authority, 0.9, 0.9, is_certain=is_certain)]
    if address is not None:
        fields.append(
            FieldReading(FieldName.ADDRESS, CaptureKind.DOCUMENT_FRONT, address, 0.9, 0.9, is_certain=is_certain)
        )
    return replace(card, fields=(*card.fields, *fields), address=address)


@pytest.mark.parametrize(
    ("authority", "address", "region", "agrees"),
    [
        ("杭州市公安局西湖区分局", "浙江省杭州市西湖区样例路12号", None, True),
        ("杭州市公安局西湖区分局", "西湖区样例路12号", None, True),
        ("北京市公安局朝阳分局", "河北省廊坊市样例路1号朝阳苑", None, True),
        ("武汉市公安局武昌分局", "上海市徐汇区样例路250弄8号", MOVED_FROM, True),
        ("阜新蒙古族自治县公安局", "辽宁省阜新县样例镇样例村3号", MOVED_FROM, True),
        ("拉萨市公安局城关区分局", "上海市徐汇区样例路250弄8号", MOVED_FROM, False),
        ("拉萨市公安局", "上海市徐汇区样例路250弄8号", None, False),
        ("拉萨市公安局", None, MOVED_FROM, True),
        ("公安部", "上海市徐汇区样例路250弄8号", MOVED_FROM, True),
    ],
)
def test_an_authority_that_the_front_knows_nothing_of_is_another_documents(
    card: DocumentReading, authority: str, address: str | None, region: RegionFact | None, *, agrees: bool
) -> None:
    found = measure(issued(card, authority, address), region)[1]
    assert isinstance(found, Finding)
    assert found.reasons == (() if agrees else (Reason.SIDES_OF_DIFFERENT_DOCUMENTS,))


def test_an_uncertain_authority_puts_the_back_on_no_other_document(card: DocumentReading) -> None:
    found = front_back(issued(card, "拉萨市公安局", "上海市徐汇区", is_certain=False))
    assert isinstance(found, Finding)
    assert found.reasons == (Reason.FIELD_UNCERTAIN,)


def test_an_uncertain_authority_that_agrees_costs_nothing(card: DocumentReading) -> None:
    found = front_back(issued(card, "上海市公安局", "上海市徐汇区", is_certain=False))
    assert isinstance(found, Finding)
    assert found.reasons == ()
    assert found.evidence.values["authority_places"] == ["上海"]


def test_other_documents_raise_no_such_question(passport: DocumentReading) -> None:
    assert measure(passport) == ()


def test_without_a_document_nothing_is_assessed() -> None:
    assert [m.reason for m in measure(None) if isinstance(m, NotAssessed)] == [Reason.DOCUMENT_NOT_READ] * 2
