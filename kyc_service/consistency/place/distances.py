"""How far the device is from wherever the document, the phone, an address, the network or a picture says.

People move, travel and hide behind other networks: each of these says little alone. What
radii and accuracies explain is taken off already.
"""

from __future__ import annotations

import math
from typing import Final

from kyc_service.consistency.applicability import not_applicable
from kyc_service.consistency.evidence import backed_by, claimed_by
from kyc_service.consistency.scales import FARTHEST_KM, mapped
from kyc_service.consistency.sources import captures_of, unread, weighed, without_document
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import Claims
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.domain.facts import Facts
from kyc_service.domain.measurements import EvidenceValue, Finding, Measurement, NotAssessed, Score
from kyc_service.domain.reasons import Reason

_NO_CAPTURES: Final[frozenset[CaptureKind]] = frozenset()
_POSITION: Final = "device_location"


def measure(document: DocumentReading | None, claims: Claims, facts: Facts) -> tuple[Measurement, ...]:
    """Every ``geolocation.distance_*`` that applies to ``document``."""
    return (
        *_from_document(document, claims, facts),
        _from_phone(claims, facts),
        _from_stated_address(claims, facts),
        *_from_ip(claims, facts),
        _from_photo(claims, facts),
    )


def _from_document(document: DocumentReading | None, claims: Claims, facts: Facts) -> tuple[Measurement, ...]:
    """From the region of the number and from the printed address, where such a document has them."""
    wanted = (
        (CheckName.DISTANCE_DOCUMENT_REGION, FieldName.ID_NUMBER, facts.distance_device_to_document_region_km),
        (CheckName.DISTANCE_PRINTED_ADDRESS, FieldName.ADDRESS, facts.distance_device_to_printed_address_km),
    )
    if document is None:
        return without_document(*(check for check, _, _ in wanted))
    skipped = not_applicable(document)
    return tuple(_from_field(document, claims, *what) for what in wanted if what[0] not in skipped)


def _from_field(
    document: DocumentReading, claims: Claims, check: CheckName, name: FieldName, km: float | None
) -> Measurement:
    is_missing = name is FieldName.ADDRESS and not document.address
    if is_missing:
        return unread(document, check, name)
    measured = _measured(claims, check, km, captures_of(document, name))
    return measured if isinstance(measured, NotAssessed) else weighed(document, [name], measured)


def _from_phone(claims: Claims, facts: Facts) -> Measurement:
    check = CheckName.DISTANCE_PHONE_REGION
    if not (claims.phone_number or "").strip():
        return _missing(check, "no phone number was claimed")
    region = facts.phone.region_zh if facts.phone else None
    values = claimed_by(claims, _POSITION, "phone_number") | {"phone_region": region}
    return _measured(claims, check, facts.distance_device_to_phone_region_km, values=values)


def _from_stated_address(claims: Claims, facts: Facts) -> Measurement:
    check = CheckName.DISTANCE_STATED_ADDRESS
    if not (claims.address or "").strip():
        return _missing(check, "no address was claimed")
    values = claimed_by(claims, _POSITION, "address")
    return _measured(claims, check, facts.distance_device_to_stated_address_km, values=values)


def _from_ip(claims: Claims, facts: Facts) -> tuple[Measurement, ...]:
    """From where the network address is registered, and whether that is in another country."""
    check = CheckName.DISTANCE_IP
    if not (claims.ip_address or "").strip():
        return (_missing(check, "no network address is known"),)
    if claims.device_location is None:
        return (_missing(check, "no position was claimed"),)
    if facts.ip is None:
        return (NotAssessed(check, Reason.FACT_UNKNOWN, "no address database is mounted"),)
    values = claimed_by(claims, _POSITION, "ip_address") | {"ip_place": facts.ip.place}
    countries = _countries(claims, facts)
    distance = _measured(claims, check, facts.distance_device_to_ip_km, values=values)
    if countries and isinstance(distance, NotAssessed):
        return (countries,)
    return (*([countries] if countries else []), distance)


def _countries(claims: Claims, facts: Facts) -> Finding | None:
    """The country of the network address against that of the position; ``None`` where one is not known."""
    ip, position = facts.ip, facts.position
    if ip is None or position is None or ip.country is None or position.country is None:
        return None
    reasons = () if ip.country in {position.country, *position.countries_in_reach} else (Reason.IP_COUNTRY_DIFFERS,)
    values = claimed_by(claims, _POSITION, "ip_address")
    evidence = backed_by(values, ip_country=ip.country, country=position.country, ip_place=ip.place)
    return Finding(CheckName.DISTANCE_IP, reasons, evidence=evidence)


def _from_photo(claims: Claims, facts: Facts) -> Measurement:
    check, photo = CheckName.DISTANCE_PHOTO, facts.photo
    if photo is None:
        return _missing(check, "no picture says where it was taken")
    values = claimed_by(claims, _POSITION) | {"photo_country": photo.country, "photo_place": photo.nearest_place}
    return _measured(claims, check, facts.distance_device_to_photo_km, values=values)


def _missing(check: CheckName, cause: str) -> NotAssessed:
    return NotAssessed(check, Reason.NOT_PROVIDED, cause)


def _measured(
    claims: Claims,
    check: CheckName,
    km: float | None,
    captures: frozenset[CaptureKind] = _NO_CAPTURES,
    values: dict[str, EvidenceValue] | None = None,
) -> Score | NotAssessed:
    if claims.device_location is None:
        return NotAssessed(check, Reason.NOT_PROVIDED, "no position was claimed")
    if km is None or not math.isfinite(km):
        return NotAssessed(check, Reason.FACT_UNKNOWN, "a place is not known", captures)
    evidence = backed_by(values or claimed_by(claims, _POSITION))
    return Score(check, "distance_km", km, mapped(km, FARTHEST_KM), "geodesic", captures, evidence)
