"""What settings name outside the service is checked at the start, by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kyc_service.authorities.silence import AuthoritiesInvalid
from kyc_service.bootstrap import PlacesUnusable, check_places
from kyc_service.settings import Settings


def _settings(**given: Any) -> Settings:
    return Settings(_env_file=None, **given)


def test_without_settings_nobody_outside_is_known() -> None:
    said = check_places(_settings()).said
    assert "network addresses are not" in said
    assert "registers: none" in said


def test_registers_are_told_by_channel(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("full_name\nsomebody\n")
    entry = "{channel: sanctions, kind: file, path: list.csv}"
    (tmp_path / "authorities.yaml").write_text(f"authorities: [{entry}]")
    said = check_places(_settings(authorities_file=tmp_path / "authorities.yaml")).said
    assert "registers: sanctions" in said


def test_registers_that_cannot_be_used_are_refused(tmp_path: Path) -> None:
    with pytest.raises(AuthoritiesInvalid):
        check_places(_settings(authorities_file=tmp_path / "nothing.yaml"))


def test_an_address_database_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlacesUnusable, match="KYC_IP_DATABASE names no file"):
        check_places(_settings(ip_database=tmp_path / "nothing.mmdb"))
    (tmp_path / "some.mmdb").write_bytes(b"no database")
    with pytest.raises(PlacesUnusable):
        check_places(_settings(ip_database=tmp_path / "some.mmdb"))


@pytest.mark.parametrize("url", ["nominatim.internal", "ftp://nominatim.internal", ""])
def test_a_geocoder_needs_an_address(url: str) -> None:
    with pytest.raises(PlacesUnusable):
        check_places(_settings(nominatim_url=url))
