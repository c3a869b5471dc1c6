from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kyc_service.domain.document import Sex
from kyc_service.domain.reasons import Reason
from kyc_service.identifiers import aamva
from kyc_service.identifiers.errors import MalformedIdentifier
from tests.identifiers.aamva.conftest import ONTARIO, TODAY, V1, V3, V10


def card(payload: str) -> aamva.Card:
    return aamva.parse(payload, TODAY)


def test_the_example_of_the_standard() -> None:
    found = card(V10)
    assert (found.version, found.jurisdiction, found.country) == (10, aamva.jurisdiction_of("636000"), "USA")
    assert found.name == aamva.Name("SAMPLE", "MICHAEL JOHN", "JR", is_family_truncated=False, is_given_truncated=False)
    assert (found.number, found.discriminator, found.sex) == ("T64235789", "2424244747474786102204", Sex.MALE)
    assert (found.date_of_birth, found.date_of_issue) == (date(1986, 6, 6), date(2019, 6, 6))
    assert found.date_of_expiry == date(2034, 12, 10)
    assert found.address == "2300 WEST BROAD STREET, RICHMOND, VA 23269"
    assert not found.is_identity_card
    assert (found.malformed, found.deviations) == ((), ())
    assert found.elements.values["ZVA"] == "01"


def test_version_1_has_one_name_and_years_first() -> None:
    found = card(V1)
    assert found.name is not None
    assert (found.name.full, found.number) == ("DOE SUE ANN", "X-520-098-009-843")
    assert (found.date_of_birth, found.date_of_expiry) == (date(1970, 4, 5), date(2030, 4, 5))
    assert (found.sex, found.malformed, found.country) == (Sex.FEMALE, (), "USA")
    assert "jurisdiction_version" not in found.deviations


def test_canada_has_years_first_in_every_version() -> None:
    found = card(ONTARIO)
    assert (found.country, found.date_of_birth, found.postal_code) == ("CAN", date(1980, 11, 7), "M5V 2T6")
    assert found.name is not None
    assert found.name.full == "PUBLIC JOHN QUINCY"
    assert found.malformed == ()
    assert found.deviations == ("subfile_offset",)


@pytest.mark.parametrize("payload", [V10, V1, ONTARIO])
def test_genuine_payloads_have_no_problem(payload: str) -> None:
    assert aamva.problems(payload, TODAY) == ()
    assert aamva.is_valid(payload, TODAY)
    assert aamva.validate(payload, TODAY) == aamva.compact(payload)
    assert card(aamva.compact(payload)) == replace(card(payload), deviations=card(aamva.compact(payload)).deviations)


@pytest.mark.parametrize(
    ("old", "new", "deviation"),
    [
        ("@\n\x1e\r", "@\n\r", "prologue"),
        ("@\n\x1e\r", "]L2@\r\n\x1c\r\n", "prologue"),
        ("ANSI ", "AAMVA", "file_type"),
        ("636000100102", "6360001002", "jurisdiction_version"),
        ("100102", "100103", "number_of_entries"),
        ("DL0041", "DL0029", "subfile_offset"),
        ("DL00410278", "DL00419999", "subfile_offset"),
        ("DBB06061986", "DBB19860606", "date_of_birth_order"),
        ("DBB06061986", "DBB1986-06-06", "date_of_birth_order"),
    ],
)
def test_what_issuers_are_known_to_do_otherwise_is_told_and_is_no_problem(old: str, new: str, deviation: str) -> None:
    payload = V10.replace(old, new, 1)
    found = card(payload)
    assert deviation in found.deviations
    assert aamva.problems(payload, TODAY) == ()
    assert (found.date_of_birth, found.number) == (date(1986, 6, 6), "T64235789")


@pytest.mark.parametrize("separator", ["\r\n", "\n\r", "\r", "\n\n", "\n\x1d"])
def test_lines_end_in_every_mix(separator: str) -> None:
    head, body = V10[:61], V10[61:]
    assert card(head + body.replace("\n", separator)).elements.values == card(V10).elements.values


def test_a_repeated_subfile_type_is_no_element() -> None:
    assert card(V10.replace("DLDAQ", "DLDLDAQ")).number == "T64235789"


def test_an_identity_card_is_no_licence() -> None:
    assert card(V10.replace("DL0041", "ID0041").replace("DLDAQ", "IDDAQ")).is_identity_card


@pytest.mark.parametrize(
    ("old", "new", "malformed"),
    [
        ("636000", "636099", "issuer"),
        ("DAQT64235789", "DAQ", "number"),
        ("DAQT64235789", "DAQNONE", "number"),
        ("DCSSAMPLE", "DCSunavl", "name"),
        ("DBB06061986", "DBB13131986", "date_of_birth"),
        ("DBB06061986", "DBBNONE", "date_of_birth"),
        ("DBB06061986\n", "", "date_of_birth"),
        ("DBB06061986", "DBB06062036", "date_of_birth_ahead"),
        ("DBB06061986", "DBB06062020", "dates_out_of_order"),
        ("DBA12102034", "DBA12102018", "dates_out_of_order"),
        ("DBA12102034", "DBA12322034", "date_of_expiry"),
        ("DBA12102034\n", "", "date_of_expiry"),
        ("DBD06062019", "DBD0606201", "date_of_issue"),
        ("DDEN", "DAQT64235780", "repeated"),
    ],
)
def test_what_breaks_the_standard_is_malformed(old: str, new: str, malformed: str) -> None:
    payload = V10.replace(old, new, 1)
    assert malformed in card(payload).malformed
    assert aamva.problems(payload, TODAY) == (Reason.BARCODE_MALFORMED,)
    assert not aamva.is_valid(payload, TODAY)
    with pytest.raises(MalformedIdentifier):
        aamva.validate(payload, TODAY)


def test_a_date_of_expiry_may_say_that_there_is_none() -> None:
    found = card(V10.replace("DBA12102034", "DBANONE"))
    assert (found.date_of_expiry, found.malformed) == (None, ())


def test_a_card_that_expires_before_its_issue_is_malformed() -> None:
    assert card(V3).malformed == ("dates_out_of_order",)


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "@\n\x1e\r",
        "ANSI 636000100102",
        "@\n\x1e\rANSI 636000100102DLDAQ1",
        "@\n\x1e\rANSI 636000100102DL00410278",
        "@\n\x1e\rANSI 636000100102DL00410278\r\n\r",
        " " * 40 + V10,
        V10 + "Z" * 3000,
    ],
)
def test_what_has_no_header_or_no_element_is_refused(payload: str) -> None:
    with pytest.raises(MalformedIdentifier):
        card(payload)
    assert aamva.problems(payload, TODAY) == (Reason.BARCODE_MALFORMED,)


@pytest.mark.parametrize(
    ("old", "new", "country"),
    [("DCGUSA", "DCGCAN", "CAN"), ("DCGUSA\n", "", "USA"), ("636000", "636056", "USA"), ("DCGUSA", "DCGXXX", "USA")],
)
def test_the_country_is_the_one_said_or_the_issuers(old: str, new: str, country: str) -> None:
    assert card(V10.replace(old, new)).country == country


def test_a_mexican_issuer_and_an_unknown_one() -> None:
    mexican = V10.replace("636000", "636056").replace("DCGUSA\n", "")
    assert (card(mexican).country, card(mexican).malformed) == ("MEX", ())
    assert card(V10.replace("636000", "123456").replace("DCGUSA\n", "")).country == "USA"


def test_an_address_may_be_missing() -> None:
    bare = "@\n\x1e\rANSI 636000100101DL00310042DLDAQ1\nDCSA\nDBB06061986\nDBANONE\r"
    assert card(bare).address is None
    assert card(bare).name == aamva.Name("A", "", "", is_family_truncated=False, is_given_truncated=False)


def test_what_the_barcode_holds_is_decoded() -> None:
    assert aamva.decode(V10.encode("latin-1")) == V10
    assert aamva.decode(b"\xff\xfe") == "ÿþ"
