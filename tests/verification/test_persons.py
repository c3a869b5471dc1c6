"""Persons: one for each identity of a client, with a template only where consent covers it, and gone when asked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy

from kyc_service.domain.outcome import Verdict
from kyc_service.storage.persons import EnrolmentNotFound, EnrolmentRecord, PersonNotFound
from kyc_service.storage.records import EventType
from kyc_service.verification.persons import (
    TEMPLATE_PURPOSE,
    delete_person,
    end_enrolment,
    enrol,
    list_persons,
    read_person,
)
from kyc_service.verification.service import VerificationService
from tests.conftest import CALLER, OTHER_CLIENT
from tests.verification.decided import CONSENT, FACE, NOW, approved, decided, report_of

pytestmark = pytest.mark.integration

OTHER = replace(CALLER, client_id=OTHER_CLIENT)
VERIFY_ONLY = {**CONSENT, "purposes": ["verification"]}


def enrolments(service: VerificationService, person_id: str | None) -> list[EnrolmentRecord]:
    assert person_id is not None
    return read_person(service, person_id, CALLER).enrolments


def told(service: VerificationService, verification_id: str) -> list[tuple[EventType, object]]:
    with service.database.transaction() as tx:
        return [(event.type, event.payload.get("cause")) for event in tx.events.of(verification_id)]


def template_of(service: VerificationService, enrolment: EnrolmentRecord) -> bytes:
    assert enrolment.wrapped_key is not None
    assert enrolment.sealed is not None
    key = service.master_key.unwrap(enrolment.id, enrolment.wrapped_key)
    return key.open(enrolment.sealed, TEMPLATE_PURPOSE)


class TestWhoIsWho:
    def test_the_same_number_is_the_same_person_however_it_is_spaced(self, service: VerificationService) -> None:
        first, one = approved(service, number="11010519491231002X")
        second, same = approved(service, number="110105 19491231 002x", at=NOW + timedelta(seconds=1))
        assert one == same is not None
        view = read_person(service, same, CALLER)
        assert [passed.id for passed in view.verifications] == [first.id, second.id]
        assert view.enrolments == []
        assert (view.record.created_at, view.record.updated_at) == (NOW, NOW + timedelta(seconds=1))

    def test_another_number_or_another_client_is_another_person(self, service: VerificationService) -> None:
        found = [approved(service)[1], approved(service, number="G12345678")[1]]
        found.append(approved(service, client_id=OTHER_CLIENT)[1])
        assert len({person for person in found if person}) == 3

    def test_two_verifications_at_once_lead_to_one_person(self, service: VerificationService) -> None:
        with ThreadPoolExecutor(4) as several:
            found = {person for _, person in several.map(lambda _: approved(service, consent=CONSENT), range(12))}
        assert len(found) == 1
        (person_id,) = found
        active = [one for one in enrolments(service, person_id) if one.ended_at is None]
        assert (len(active), len(enrolments(service, person_id))) == (1, 12)

    @pytest.mark.parametrize(
        ("verdict", "number", "face"),
        [
            (Verdict.REVIEW, "G12345678", FACE),
            (Verdict.DECLINE, "G12345678", FACE),
            (Verdict.RETAKE, "G12345678", FACE),
            (Verdict.APPROVE, None, FACE),
            (Verdict.APPROVE, " - ", FACE),
            (Verdict.APPROVE, "G12345678", None),
        ],
    )
    def test_without_approval_face_or_number_there_is_nobody(
        self, service: VerificationService, verdict: Verdict, number: str | None, face: bytes | None
    ) -> None:
        with service.database.transaction() as tx:
            record = decided(service, tx, verdict, consent=CONSENT)
            assert enrol(service, tx, record, report_of(record, verdict, number=number, face=face), NOW) is None
        assert list_persons(service, CALLER, limit=9) == ([], False)

    def test_no_number_stands_in_the_database(self, service: VerificationService) -> None:
        approved(service, consent=CONSENT)
        with service.database.engine.connect() as connection:
            for table in ("persons", "enrolments", "events"):
                said = connection.execute(sqlalchemy.text(f"SELECT t::text FROM {table} t")).scalars().all()  # noqa: S608
                assert "11010519491231002" not in str(said)


class TestEnrolments:
    @pytest.mark.parametrize("consent", [None, VERIFY_ONLY])
    def test_without_consent_for_it_no_face_is_kept(
        self, service: VerificationService, consent: dict[str, object] | None
    ) -> None:
        _, person_id = approved(service, consent=consent)
        assert enrolments(service, person_id) == []

    def test_the_template_opens_under_its_own_key_and_no_other(self, service: VerificationService) -> None:
        record, person_id = approved(service, consent=CONSENT)
        (enrolment,) = enrolments(service, person_id)
        assert (enrolment.verification_id, enrolment.made_by, enrolment.consent) == (
            record.id,
            "null_embedder",
            CONSENT,
        )
        assert enrolment.sealed is not None
        assert FACE not in enrolment.sealed
        assert template_of(service, enrolment) == FACE
        assert told(service, record.id) == [(EventType.ENROLMENT_MADE, None)]

    def test_the_newest_takes_the_place_of_the_earlier_one(self, service: VerificationService) -> None:
        first, person_id = approved(service, consent=CONSENT)
        approved(service, consent=CONSENT, at=NOW + timedelta(days=1))
        earlier, latest = enrolments(service, person_id)
        assert (earlier.ended_at, latest.ended_at) == (NOW + timedelta(days=1), None)
        assert (earlier.wrapped_key, earlier.master_key_id, earlier.sealed) == (None, None, None)
        assert told(service, first.id)[-1] == (EventType.ENROLMENT_ENDED, "replaced")

    def test_a_verification_without_consent_leaves_the_earlier_one(self, service: VerificationService) -> None:
        _, person_id = approved(service, consent=CONSENT)
        approved(service, consent=VERIFY_ONLY)
        (enrolment,) = enrolments(service, person_id)
        assert enrolment.ended_at is None

    def test_withdrawn_consent_destroys_key_and_template_once(self, service: VerificationService) -> None:
        record, person_id = approved(service, consent=CONSENT)
        assert person_id is not None
        (enrolment,) = enrolments(service, person_id)
        for _ in range(2):
            end_enrolment(service, person_id, enrolment.id, CALLER)
        (ended,) = enrolments(service, person_id)
        assert ended.ended_at is not None
        assert (ended.wrapped_key, ended.sealed) == (None, None)
        assert told(service, record.id)[1:] == [(EventType.ENROLMENT_ENDED, "consent_withdrawn")]

    def test_only_of_the_person_whose_it_is(self, service: VerificationService) -> None:
        _, person_id = approved(service, consent=CONSENT)
        _, another = approved(service, number="G12345678")
        assert person_id is not None
        assert another is not None
        (enrolment,) = enrolments(service, person_id)
        with pytest.raises(EnrolmentNotFound):
            end_enrolment(service, another, enrolment.id, CALLER)
        with pytest.raises(PersonNotFound):
            end_enrolment(service, person_id, enrolment.id, OTHER)
        assert enrolments(service, person_id) == [enrolment]


class TestDeletion:
    def test_identity_and_templates_are_gone_and_every_verification_tells_of_it(
        self, service: VerificationService
    ) -> None:
        records = [approved(service, consent=CONSENT)[0], approved(service)[0]]
        person_id = records[0].person_id
        assert person_id is not None
        for _ in range(2):
            delete_person(service, person_id, CALLER)
        view = read_person(service, person_id, CALLER)
        assert view.record.identity is None
        assert view.record.deleted_at is not None
        assert [one.sealed for one in view.enrolments] == [None]
        assert {passed.id for passed in view.verifications} == {record.id for record in records}
        for record in records:
            assert [kind for kind, _ in told(service, record.id)].count(EventType.PERSON_DELETED) == 1
        assert list_persons(service, CALLER, limit=9) == ([], False)

    def test_a_new_verification_makes_a_new_person(self, service: VerificationService) -> None:
        _, before = approved(service)
        assert before is not None
        delete_person(service, before, CALLER)
        _, after = approved(service)
        assert after not in (None, before)

    def test_deletion_while_others_are_verified_leaves_no_template_of_the_deleted(
        self, service: VerificationService
    ) -> None:
        _, first = approved(service, consent=CONSENT)
        assert first is not None
        with ThreadPoolExecutor(4) as several:
            made = [several.submit(approved, service, consent=CONSENT) for _ in range(6)]
            gone = several.submit(delete_person, service, first, CALLER)
            found = {future.result()[1] for future in made}
            gone.result()
        assert all(one.sealed is None for one in enrolments(service, first))
        assert len(found - {first}) <= 1

    def test_of_another_client_there_is_nobody(self, service: VerificationService) -> None:
        _, person_id = approved(service, client_id=OTHER_CLIENT)
        assert person_id is not None
        for use in (read_person, delete_person):
            with pytest.raises(PersonNotFound):
                use(service, person_id, CALLER)
        with pytest.raises(PersonNotFound):
            list_persons(service, CALLER, limit=9, starting_after=person_id)
        assert read_person(service, person_id, OTHER).record.deleted_at is None

    def test_pages_come_newest_first(self, service: VerificationService) -> None:
        made = [approved(service, number=f"G1234567{at}", at=NOW + timedelta(seconds=at))[1] for at in range(3)]
        page, has_more = list_persons(service, CALLER, limit=2)
        assert ([person.id for person in page], has_more) == ([made[2], made[1]], True)
        page, has_more = list_persons(service, CALLER, limit=2, starting_after=made[1])
        assert ([person.id for person in page], has_more) == ([made[0]], False)
