from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kyc_service.consistency.applicability import not_applicable
from kyc_service.consistency.barcode import measure
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.domain.measurements import Finding, Measurement, NotAssessed
from kyc_service.domain.reasons import Reason

TODAY = date(2026, 11, 23)
FRONT, BACK = CaptureKind.DOCUMENT_FRONT, CaptureKind.DOCUMENT_BACK


def both(document: DocumentReading) -> tuple[Measurement, Measurement]:
    barcode, printed = measure(document, TODAY)
    assert (barcode.check, printed.check) == (CheckName.BARCODE, CheckName.PRINTED_TEXT_CONSISTENCY)
    return barcode, printed


def printed(document: DocumentReading) -> Finding:
    _, found = both(document)
    assert isinstance(found, Finding)
    return found


def instead(licence: DocumentReading, old: str, new: str, field: FieldName, *, is_certain: bool = True) -> Finding:
    """The print says ``new`` where the barcode says ``old``, and so does the field that was read of it."""
    fields = tuple(
        replace(f, text=new, is_certain=is_certain) if f.name is field and f.capture is FRONT else f
        for f in licence.fields
    )
    lines = tuple(line.replace(old, new) for line in licence.printed_lines)
    return printed(replace(licence, fields=fields, printed_lines=lines))


def payload(licence: DocumentReading, old: str, new: str) -> DocumentReading:
    assert licence.barcode is not None
    return replace(licence, barcode=licence.barcode.replace(old, new))


def test_a_genuine_licence_confirms_itself(licence: DocumentReading) -> None:
    barcode, found = both(licence)
    assert isinstance(barcode, Finding)
    assert isinstance(found, Finding)
    assert (barcode.reasons, found.reasons) == ((), ())
    assert (barcode.captures, found.captures) == ({BACK}, {FRONT, BACK})
    assert barcode.evidence.values["issuer"] == "Virginia"
    assert found.evidence.values == {
        "document_number": "found",
        "full_name": "found",
        "date_of_birth": "found",
        "valid_from": "found",
        "valid_until": "found",
    }


def test_without_a_document_the_barcode_is_not_assessed() -> None:
    (found,) = measure(None, TODAY)
    assert (found.check, isinstance(found, NotAssessed)) == (CheckName.BARCODE, True)


def test_other_documents_have_no_barcode(card: DocumentReading, passport: DocumentReading) -> None:
    for document in (card, passport):
        assert measure(document, TODAY) == ()
        assert CheckName.BARCODE in not_applicable(document)


def test_an_identity_card_with_a_barcode_is_measured_as_a_licence_is(licence: DocumentReading) -> None:
    assert measure(replace(licence, document_type=DocumentType.IDENTITY_CARD), TODAY) == measure(licence, TODAY)


@pytest.mark.parametrize("captures", [frozenset({FRONT, BACK}), frozenset({BACK})])
def test_a_back_without_a_barcode_lacks_it(licence: DocumentReading, captures: frozenset[CaptureKind]) -> None:
    barcode, found = both(replace(licence, barcode=None, fields=licence.fields[1:], captures=captures))
    assert isinstance(barcode, Finding)
    assert (barcode.reasons, barcode.captures) == ((Reason.BARCODE_MISSING,), {BACK})
    assert isinstance(found, NotAssessed)


def test_without_a_back_nothing_is_missing(licence: DocumentReading) -> None:
    barcode, found = both(replace(licence, barcode=None, fields=licence.fields[1:], captures=frozenset({FRONT})))
    assert isinstance(barcode, NotAssessed)
    assert isinstance(found, NotAssessed)
    assert (barcode.reason, found.reason) == (Reason.CAPTURE_MISSING, Reason.CAPTURE_MISSING)


@pytest.mark.parametrize(
    ("old", "new"), [("636000", "636099"), ("DBB06061986", "DBB13131986"), ("ANSI ", "ANSX "), ("DBA1210", "DBA1232")]
)
def test_a_payload_that_breaks_the_standard_is_malformed(licence: DocumentReading, old: str, new: str) -> None:
    barcode, _ = both(payload(licence, old, new))
    assert isinstance(barcode, Finding)
    assert barcode.reasons == (Reason.BARCODE_MALFORMED,)


def test_deviations_are_told_and_are_no_problem(licence: DocumentReading) -> None:
    barcode, _ = both(payload(licence, "DBB06061986", "DBB19860606"))
    assert isinstance(barcode, Finding)
    assert barcode.reasons == ()
    assert "date_of_birth_order" in str(barcode.evidence.values["deviations"])


@pytest.mark.parametrize(("old", "new"), [("DCSSAMPLE", "DCSNONE"), ("DAQT64235789", "DAQ"), ("ANSI ", "ANSX ")])
def test_a_payload_without_name_or_number_is_held_against_nothing(licence: DocumentReading, old: str, new: str) -> None:
    _, found = both(payload(licence, old, new))
    assert isinstance(found, NotAssessed)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("T64235789", "T64235780", FieldName.DOCUMENT_NUMBER),
        ("06/06/1986", "06/06/1996", FieldName.DATE_OF_BIRTH),
        ("12/10/2034", "12/10/2039", FieldName.VALID_UNTIL),
    ],
)
def test_a_field_read_with_certainty_that_differs_in_one_character_is_a_contradiction(
    licence: DocumentReading, old: str, new: str, field: FieldName
) -> None:
    found = instead(licence, old, new, field)
    assert found.reasons == (Reason.BARCODE_CONTRADICTS_PRINTED_TEXT,)
    assert found.evidence.values[field.value] == "different"
    unsure = instead(licence, old, new, field, is_certain=False)
    assert unsure.reasons == (Reason.PRINTED_TEXT_NOT_CONFIRMED,)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("T64235789", "T64235", FieldName.DOCUMENT_NUMBER),
        ("T64235789", "T64235700", FieldName.DOCUMENT_NUMBER),
        ("06/06/1986", "06/07/1996", FieldName.DATE_OF_BIRTH),
        ("06/06/2019", "", FieldName.VALID_FROM),
    ],
)
def test_what_differs_in_more_is_only_not_confirmed(
    licence: DocumentReading, old: str, new: str, field: FieldName
) -> None:
    assert instead(licence, old, new, field).reasons == (Reason.PRINTED_TEXT_NOT_CONFIRMED,)


def test_look_alikes_are_no_contradiction(licence: DocumentReading) -> None:
    found = instead(licence, "T64235789", "T6423S789", FieldName.DOCUMENT_NUMBER)
    assert (found.reasons, found.evidence.values["document_number"]) == ((), "look_alike")


def test_a_short_number_contradicts_nothing(licence: DocumentReading) -> None:
    short = payload(licence, "DAQT64235789", "DAQ12345")
    assert instead(short, "T64235789", "12346", FieldName.DOCUMENT_NUMBER).reasons == (
        Reason.PRINTED_TEXT_NOT_CONFIRMED,
    )


@pytest.mark.parametrize(
    ("old", "new", "is_found"),
    [
        ("1 SAMPLE", "1 Sample", True),
        ("1 SAMPLE", "1 SIMPLE", False),
        ("2 MICHAEL JOHN", "2 MICHAEL", False),
        ("2 MICHAEL JOHN", "2 MICHAEL JOHN JR", True),
    ],
)
def test_the_name_is_found_in_print(licence: DocumentReading, old: str, new: str, *, is_found: bool) -> None:
    found = instead(licence, old, new, FieldName.FULL_NAME)
    assert found.reasons == (() if is_found else (Reason.PRINTED_TEXT_NOT_CONFIRMED,))


def test_a_cut_name_may_go_on_in_print(licence: DocumentReading) -> None:
    cut = payload(payload(licence, "DCSSAMPLE\nDDEN", "DCSSAMP\nDDET"), "DADJOHN\nDDGN", "DADJO\nDDGT")
    assert printed(cut).reasons == ()
    assert printed(payload(cut, "DCSSAMP\nDDET", "DCSSAMP\nDDEN")).reasons == (Reason.PRINTED_TEXT_NOT_CONFIRMED,)


def test_a_name_without_letters_is_found_nowhere(licence: DocumentReading) -> None:
    bare = payload(payload(licence, "DCSSAMPLE\nDDEN", "DCS---\nDDET"), "DACMICHAEL\nDDFN\nDADJOHN", "DACNONE")
    assert printed(bare).reasons == (Reason.PRINTED_TEXT_NOT_CONFIRMED,)
    with_rules = replace(bare, printed_lines=(*bare.printed_lines, "1 2 3"))
    assert printed(with_rules).reasons == (Reason.PRINTED_TEXT_NOT_CONFIRMED,)


@pytest.mark.parametrize(("cut", "is_found"), [("SAM", True), ("SA", False), ("S", False)])
def test_a_few_letters_of_a_cut_name_are_the_beginning_of_too_much(
    licence: DocumentReading, cut: str, *, is_found: bool
) -> None:
    found = printed(payload(licence, "DCSSAMPLE\nDDEN", f"DCS{cut}\nDDET"))
    assert found.reasons == (() if is_found else (Reason.PRINTED_TEXT_NOT_CONFIRMED,))


@pytest.mark.parametrize(("subfile", "is_identity_card"), [("DL", False), ("ID", True)])
def test_the_kind_of_card_is_evidence(licence: DocumentReading, subfile: str, *, is_identity_card: bool) -> None:
    barcode, _ = both(payload(licence, "DL00310158DL", f"{subfile}00310158{subfile}"))
    assert isinstance(barcode, Finding)
    assert barcode.evidence.values["is_identity_card"] is is_identity_card


def test_a_holder_may_have_one_name(licence: DocumentReading) -> None:
    assert printed(payload(licence, "DACMICHAEL\nDDFN\nDADJOHN", "DACNONE")).reasons == ()


def test_a_date_of_expiry_may_be_missing_from_the_barcode(licence: DocumentReading) -> None:
    assert "valid_until" not in printed(payload(licence, "DBA12102034", "DBANONE")).evidence.values


def test_a_barcode_read_without_certainty_says_nothing(licence: DocumentReading) -> None:
    unsure = replace(licence, fields=tuple(replace(f, is_certain=False) for f in licence.fields))
    for found in both(unsure):
        assert isinstance(found, Finding)
        assert found.reasons == (Reason.FIELD_UNCERTAIN,)
