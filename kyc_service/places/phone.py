"""Phone numbers: what the numbering plans say of them (ITU-T E.164, through ``phonenumbers``).

The region is where a number was first issued, by the names that documents use today.
Numbers are ported and people move: it is a weak signal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType, carrier, geocoder, timezone

from kyc_service.domain.facts import FactSource, LineType, PhoneFact, RegionFact
from kyc_service.places.country import Countries
from kyc_service.places.region import Regions

SOURCE: Final = FactSource("libphonenumber (phonenumbers)", metadata.version("phonenumbers"))

_LINE_TYPES: Final[Mapping[int, LineType]] = {
    PhoneNumberType.MOBILE: LineType.MOBILE,
    PhoneNumberType.FIXED_LINE: LineType.FIXED_LINE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE: LineType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.VOIP: LineType.VOIP,
    PhoneNumberType.PREMIUM_RATE: LineType.PREMIUM_RATE,
    PhoneNumberType.TOLL_FREE: LineType.TOLL_FREE,
    PhoneNumberType.SHARED_COST: LineType.SHARED_COST,
    PhoneNumberType.PERSONAL_NUMBER: LineType.PERSONAL_NUMBER,
    PhoneNumberType.PAGER: LineType.PAGER,
    PhoneNumberType.UAN: LineType.UAN,
    PhoneNumberType.VOICEMAIL: LineType.VOICEMAIL,
}
_OWN_REGION_CODES: Final = {"TWN": "710000", "HKG": "810000", "MAC": "820000"}
_ANY_REGION: Final = None  # numbers with their country's code need no other
_ZH: Final = "zh"
_EN: Final = "en"


@dataclass(frozen=True, slots=True)
class PhoneBook:
    """Looks numbers up. Read-only."""

    countries: Countries
    regions: Regions

    def look_up(self, text: str, dialled_from: Iterable[str]) -> PhoneFact:
        """What is known of the number in ``text``, whatever ``text`` is.

        Args:
            text: The number as typed, with or without its country's code.
            dialled_from: Alpha-3 countries a number without a code may belong to, likeliest first.
        """
        number = self._parse(text, dialled_from)
        if number is None:
            return _unknown(None)
        e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        return self._describe(number, e164) if phonenumbers.is_valid_number(number) else _unknown(e164)

    def _parse(self, text: str, dialled_from: Iterable[str]) -> PhoneNumber | None:
        """The first reading that is a valid number, else the first that is one at all."""
        readings = list(_readings(text, [*map(self.countries.alpha2, dialled_from), _ANY_REGION]))
        valid = (n for n in readings if phonenumbers.is_valid_number(n))
        return next(valid, readings[0] if readings else None)

    def _describe(self, number: PhoneNumber, e164: str) -> PhoneFact:
        country = self.countries.alpha3(phonenumbers.region_code_for_number(number))
        region_zh = geocoder.description_for_valid_number(number, _ZH) or None
        region = self._region(country, region_zh)
        sources = (SOURCE, self.countries.source)
        return PhoneFact(
            e164=e164,
            is_valid=True,
            line_type=_LINE_TYPES.get(phonenumbers.number_type(number), LineType.UNKNOWN),
            country=country,
            region_zh=region_zh,
            region_en=geocoder.description_for_valid_number(number, _EN) or None,
            carrier=carrier.name_for_valid_number(number, _EN) or None,
            time_zones=tuple(z for z in timezone.time_zones_for_number(number) if z != timezone.UNKNOWN_TIMEZONE),
            position=region.position if region else None,
            radius_km=region.radius_km if region else 0.0,
            sources=(*sources, *region.sources) if region else sources,
            region=region,
        )

    def _region(self, country: str | None, region_zh: str | None) -> RegionFact | None:
        if country == "CHN" and region_zh:
            return self.regions.of_text(region_zh)
        code = _OWN_REGION_CODES.get(country or "")
        return self.regions.look_up(code) if code else None


def _readings(text: str, regions: Iterable[str | None]) -> Iterator[PhoneNumber]:
    for region in regions:
        try:
            yield phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            continue


def _unknown(e164: str | None) -> PhoneFact:
    return PhoneFact(
        e164=e164,
        is_valid=False,
        line_type=LineType.UNKNOWN,
        country=None,
        region_zh=None,
        region_en=None,
        carrier=None,
        time_zones=(),
        position=None,
        radius_km=0.0,
        sources=(SOURCE,),
    )
