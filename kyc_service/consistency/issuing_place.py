"""The place an issuing authority is named after, against the places that the front knows.

A card is issued where its holder's household is registered, which is where its address
lies; the number keeps the region of the first registration. People move and districts are
renamed, so only an authority that neither of the two knows at any level says anything.
"""

from __future__ import annotations

import re
from typing import Final

_OFFICE: Final = re.compile(r"公安|分局|派出所|局|处")
_PLACE: Final = re.compile(r"(.+?)(?:特别行政区|自治区|自治州|自治县|自治旗|地区|新区|[省市州盟县区旗])")
_TELLING: Final = 2
"""Two characters of a name: names of autonomous counties and prefectures are shortened after them."""


def places_of(authority: str) -> tuple[str, ...]:
    """The beginnings of the place names that ``authority`` is made of, widest first; empty: it names none.

    >>> places_of("杭州市公安局西湖区分局"), places_of("阜新蒙古族自治县公安局"), places_of("公安部")
    (('杭州', '西湖'), ('阜新',), ())
    >>> places_of("北京市公安局朝阳分局"), places_of("安县公安局")
    (('北京', '朝阳'), ('安县',))
    """
    parts = [part for part in _OFFICE.split(authority) if part]
    if not any(_PLACE.match(part) for part in parts):
        return ()
    return tuple(dict.fromkeys(name for part in parts for name in _names(part)))


def is_known(authority: str, *known: str | None) -> bool:
    """Whether a place of ``authority`` stands in any of ``known`` (addresses, names of regions), or it names none.

    >>> is_known("杭州市公安局西湖区分局", "浙江省杭州市上城区样例路12号"), is_known("拉萨市公安局", "上海市徐汇区", None)
    (True, False)
    """
    places = places_of(authority)
    return not places or any(place in text for text in known if text for place in places)


def _names(part: str) -> list[str]:
    """The names in ``part``, each without its level unless that would leave a lone character; the last may have none.

    >>> _names("浙江省杭州市"), _names("朝阳")
    (['浙江', '杭州'], ['朝阳'])
    """
    found, end = [], 0
    for match in _PLACE.finditer(part):
        found.append(match[0][:_TELLING])
        end = match.end()
    rest = part[end:]
    return [*found, rest[:_TELLING]] if len(rest) >= _TELLING else found
