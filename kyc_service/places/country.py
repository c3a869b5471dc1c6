"""Countries: ISO 3166-1 codes, and which country a time zone's territory belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Final

from kyc_service.domain.facts import FactSource
from kyc_service.places.tables import read_table


class Countries:
    """ISO 3166-1 alpha-2 and alpha-3 codes. Built once; read-only after that."""

    def __init__(self) -> None:
        table = read_table("countries")
        self.source: Final[FactSource] = table.source
        self._alpha3: Final[Mapping[str, str]] = {row[0]: row[1] for row in table.rows}
        self._alpha2: Final[Mapping[str, str]] = {row[1]: row[0] for row in reversed(table.rows)}
        self._by_zone: Final[Mapping[str, str]] = dict(_zone_rows())

    def alpha3(self, alpha2: str | None) -> str | None:
        """``CN`` -> ``CHN``; ``None`` for what is no country (such as 001, the world)."""
        return self._alpha3.get(alpha2 or "")

    def alpha2(self, alpha3: str | None) -> str | None:
        """``CHN`` -> ``CN``."""
        return self._alpha2.get(alpha3 or "")

    def of_zone(self, zone: str) -> str | None:
        """The alpha-3 code of the country whose territory an IANA zone's borders follow.

        Hong Kong, Macau and Taiwan have zones, and so codes, of their own. Zones of the
        open sea have no country.
        """
        return self.alpha3(self._by_zone.get(zone))


def _zone_rows() -> Iterator[tuple[str, str]]:
    """(zone, alpha-2) of the tz database's ``zone.tab``, which gives each zone to one country."""
    text = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            alpha2, _coordinates, zone, *_comment = line.split("\t")
            yield zone, alpha2
