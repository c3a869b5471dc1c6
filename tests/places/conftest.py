from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kyc_service.places import PlaceBook
from kyc_service.places.country import Countries
from kyc_service.places.phone import PhoneBook
from kyc_service.places.region import Regions


@pytest.fixture(scope="session")
def places() -> PlaceBook:
    return PlaceBook()


@pytest.fixture(scope="session")
def regions() -> Regions:
    return Regions()


@pytest.fixture(scope="session")
def phones(regions: Regions) -> PhoneBook:
    return PhoneBook(Countries(), regions)


@pytest.fixture(scope="session")
def now() -> datetime:
    return datetime(2026, 7, 1, 12, tzinfo=UTC)
