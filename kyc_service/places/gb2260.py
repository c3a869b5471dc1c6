"""GB/T 2260: the codes of China's administrative divisions, present and past, and their names.

Read from the table that python-stdnum ships (``stdnum/cn/loc.dat``). A code that was
given to several divisions over time carries several names, each with its years.

>>> [n.text for n in parse_names("[1983-1999]淮阴市,[2000-]淮安市")]
['淮阴市', '淮安市']
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata, resources
from typing import Final

from kyc_service.domain.facts import FactSource

# Provinces that were carved out of another, whose old codes are still in people's numbers.
SUCCESSOR_PROVINCES: Final[Mapping[str, str]] = {"51": "50", "44": "46"}  # Chongqing 1997, Hainan 1988

# Headings of the code table that are no place's name.
HEADINGS: Final = frozenset(
    {
        "市辖区",
        "县",
        "市",
        "林区",
        "省直辖行政单位",
        "省直辖县级行政单位",
        "自治区直辖县级行政单位",
    }
)

_LINE: Final = re.compile(r'(?P<indent> *)(?P<digits>\d+) (?:province|county)="(?P<names>[^"]*)"')
_NAME: Final = re.compile(r"(?:\[(?P<start>\d*)-(?P<end>\d*)\])?(?P<text>[^,\[]+)")
_SUFFIX: Final = re.compile(r"(?<=..)(?:地区|林区|新区|盟|州|市|县|区|旗)$")
# The peoples that autonomous divisions are named after; a few are written without 族.
_PEOPLES: Final = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|"
    "柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|"
    "京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺"
)
_AUTONOMOUS: Final = re.compile(rf"(?<=..)(?:(?:(?:{_PEOPLES})族)+|蒙古|哈萨克|柯尔克孜)?(?:各族)?自治(?=[州县旗]$)")
_PROVINCE_SUFFIX: Final = re.compile(r"(?:省|市|(?:壮族|回族|维吾尔)?自治区|特別行政區)$")


@dataclass(frozen=True, slots=True)
class DivisionName:
    """A name a code stood for, from ``start`` to ``end`` (years; ``None`` is open)."""

    text: str
    start: int | None
    end: int | None

    @property
    def is_current(self) -> bool:
        """Whether the code stands for it today."""
        return self.end is None


@dataclass(frozen=True, slots=True)
class CodeBook:
    """Every code with its names, oldest first. Provinces are keyed by their two digits."""

    provinces: Mapping[str, str]
    names: Mapping[str, tuple[DivisionName, ...]]
    source: FactSource

    def latest_name(self, code: str) -> str | None:
        """The last name six-digit ``code`` stood for; ``None`` for headings and codes never given."""
        names = self.names.get(code, ())
        return names[-1].text if names and names[-1].text not in HEADINGS else None


def read_code_book() -> CodeBook:
    """Read the table of the installed python-stdnum."""
    text = resources.files("stdnum.cn").joinpath("loc.dat").read_text(encoding="utf-8")
    provinces: dict[str, str] = {}
    names: dict[str, tuple[DivisionName, ...]] = {}
    province = ""
    for line in filter(None, map(_LINE.match, text.splitlines())):
        if line["indent"]:
            names[province + line["digits"]] = parse_names(line["names"])
        else:
            province = line["digits"]
            provinces[province] = line["names"]
    source = FactSource("GB/T 2260 (python-stdnum cn/loc)", metadata.version("python-stdnum"))
    return CodeBook(provinces, names, source)


def parse_names(text: str) -> tuple[DivisionName, ...]:
    """Names with their years, in the order of the table."""
    return tuple(
        DivisionName(m["text"], int(m["start"]) if m["start"] else None, int(m["end"]) if m["end"] else None)
        for m in _NAME.finditer(text)
    )


def stem(name: str) -> str:
    """``name`` without the word for its kind, at least two characters of it.

    >>> stem("绥化地区"), stem("杭州市"), stem("临沭县"), stem("怒江"), stem("恩施土家族苗族自治州")
    ('绥化', '杭州', '临沭', '怒江', '恩施')
    """
    return _SUFFIX.sub("", plain_name(name))


def plain_name(name: str) -> str:
    """An autonomous division as people say it: without its peoples.

    >>> plain_name("恩施土家族苗族自治州"), plain_name("巴音郭楞蒙古自治州"), plain_name("昌平区")
    ('恩施州', '巴音郭楞州', '昌平区')
    """
    return _AUTONOMOUS.sub("", name)


def short_province(name: str) -> str:
    """A province as people say it.

    >>> short_province("广西壮族自治区"), short_province("浙江省"), short_province("内蒙古自治区")
    ('广西', '浙江', '内蒙古')
    """
    return _PROVINCE_SUFFIX.sub("", name)
