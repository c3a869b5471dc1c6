"""Invented holders of Chinese cards: names common and rare, the 56 ethnic groups, addresses, offices, validity."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from specimens.people.numbers import RESERVED_SEQUENCES, resident_number
from specimens.people.regions import District, district

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹"
    "薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
DOUBLE_SURNAMES = ("欧阳", "上官", "司马", "诸葛", "司徒", "东方", "皇甫", "尉迟", "慕容", "令狐")
RARE_SURNAMES = "郗郦鄢逄蔺隗谌訾亓佴仉缑妫芈祝禤"
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲红建国华志鹏飞宇浩然子涵梓轩欣怡雨晨佳琪思远博雅婷晓东海燕春梅玉珍淑云凤琴宝金银山川河林森"
    "青松柏竹石天星月光亮晖晴雪冰清泉源润泽江波涌峰岭岩坤厚德仁义礼智信忠孝廉耻温良恭俭让诚朴实学思问辨笃行正直公允立新成业永昌盛隆"
)
RARE_GIVEN = (
    "堃淼垚犇燚喆昉翀甯祎祐珺珩璟玥琬琰瑀瑄璇弢赟彧懿曦奭翾骉龑㛃䶮㙦㴪嫄燊矞煊煜玮玹珏珞琇琛琮琲瑗瑢璐璘璠璨甡皓祺禛禹秾竑筱筠箐翊翎翙翚翛聿肜芃茗茜荃莳莜菡"
    "葳蓁薇蘅蘧衎襄谧谇诒豫赜轶迩邈鄄醴釉钰铖铮锴镕镠闿隽雯霁韬韫颢飏骁骐骥骧鲲鸢鸾麒黻"
)
BEYOND_ALPHABET = "馫龘靐㼆䒟燨"
"""Characters that the text recogniser's alphabet lacks: such a name cannot be read rightly, only be handed to a person."""

ETHNICITIES = [
    "汉",
    "蒙古",
    "回",
    "藏",
    "维吾尔",
    "苗",
    "彝",
    "壮",
    "布依",
    "朝鲜",
    "满",
    "侗",
    "瑶",
    "白",
    "土家",
    "哈尼",
    "哈萨克",
    "傣",
    "黎",
    "傈僳",
    "佤",
    "畲",
    "高山",
    "拉祜",
    "水",
    "东乡",
    "纳西",
    "景颇",
    "柯尔克孜",
    "土",
    "达斡尔",
    "仫佬",
    "羌",
    "布朗",
    "撒拉",
    "毛南",
    "仡佬",
    "锡伯",
    "阿昌",
    "普米",
    "塔吉克",
    "怒",
    "乌孜别克",
    "俄罗斯",
    "鄂温克",
    "德昂",
    "保安",
    "裕固",
    "京",
    "塔塔尔",
    "独龙",
    "鄂伦春",
    "赫哲",
    "门巴",
    "珞巴",
    "基诺",
]  # GB/T 3304-1991
HAN_SHARE = 0.72
"""Less than in the census, so that every group occurs in a few thousand cards."""
DOTTED_NAME_GROUPS = frozenset({"维吾尔", "哈萨克", "柯尔克孜", "乌孜别克", "塔塔尔", "塔吉克"})
_DOTTED_FIRST = {
    "M": ("阿卜杜拉", "买买提", "艾力", "吐尔逊", "库尔班", "阿迪力", "玉素甫", "叶尔兰", "巴合提", "别克扎提", "依马木", "托合提", "亚森江"),
    "F": ("阿依古丽", "古丽米热", "热依汗", "帕提古丽", "阿依努尔", "迪丽娜尔", "玛依拉", "加依娜", "古丽扎提", "再娜甫", "米热班", "努尔斯曼"),
}  # fmt: skip
_DOTTED_LAST = (
    "买买提",
    "艾合买提",
    "吐尔地",
    "阿不都热合曼",
    "伊斯马伊力",
    "达吾提",
    "努尔兰",
    "阿布力孜",
    "卡德尔",
    "肉孜",
    "塔依尔",
    "巴图尔",
)

ROADS = (
    "样例路",
    "样例街",
    "样例大道",
    "样例东路",
    "样例西路",
    "样例南路",
    "样例北街",
    "样例一路",
    "样例三路",
    "样例巷",
    "样本路",
    "样本街",
)
ESTATES = ("样例苑", "样例花园", "样例小区", "样例家园", "样例里", "样本新村")
VILLAGES = ("样例镇样例村", "样例乡样本村", "样例镇示例村", "示例镇样本村民委员会")
TODAY = date(2026, 11, 23)
OPEN = "open"
"""The manifest's word for a card without an end (长期)."""
_FIRST_CARDS = date(2005, 1, 1)


@dataclass(frozen=True, slots=True)
class Resident:
    """A holder of a resident identity card. Sex is M or F; `valid_until` is None for a card without an end."""

    name: str
    sex: str
    ethnicity: str
    born: date
    district: District
    address: str
    number: str
    authority: str
    valid_from: date
    valid_until: date | None


def resident(rng: np.random.Generator) -> Resident:
    """An invented person whose card was lawfully issued: 5 years under 16, 10 to 25, 20 to 45, then without an end."""
    sex = "M" if rng.random() < 0.5 else "F"
    ethnicity = "汉" if rng.random() < HAN_SHARE else str(rng.choice(ETHNICITIES[1:]))
    born = date(1940, 1, 1) + timedelta(days=int(rng.integers(69 * 365 + 17)))
    home = district(rng, born)
    number = resident_number(home.code, born, int(rng.choice(RESERVED_SEQUENCES[sex])))
    valid_from, valid_until = validity(rng, born)
    return Resident(
        full_name(rng, sex, ethnicity), sex, ethnicity, born, home, address(rng, home), number,
        authority(rng, home), valid_from, valid_until,
    )  # fmt: skip


def full_name(rng: np.random.Generator, sex: str, ethnicity: str) -> str:
    """Two to four characters, or a dotted name of up to about ten."""
    if ethnicity in DOTTED_NAME_GROUPS and rng.random() < 0.8:
        return f"{rng.choice(_DOTTED_FIRST[sex])}·{rng.choice(_DOTTED_LAST)}"
    kind = rng.random()
    one = _one(rng, RARE_SURNAMES if kind < 0.08 else SURNAMES)
    family = str(rng.choice(DOUBLE_SURNAMES)) if kind < 0.04 else one
    letters = 1 if rng.random() < 0.2 else 2
    given = "".join(_one(rng, RARE_GIVEN if rng.random() < 0.12 else GIVEN) for _ in range(letters))
    if rng.random() < 0.012:
        given = given[:-1] + _one(rng, BEYOND_ALPHABET)
    return family + given


def address(rng: np.random.Generator, home: District) -> str:
    """Real names of the levels, then an invented road or village: one to three lines of the card."""
    number = int(rng.integers(1, 400))
    if rng.random() < 0.3:
        group = f"{rng.integers(1, 20)}组" if rng.random() < 0.6 else ""
        rest = f"{rng.choice(VILLAGES)}{group}{number}号"
    else:
        rest = f"{rng.choice(ROADS)}{number}号"
        if rng.random() < 0.35:
            rest += str(rng.choice(ESTATES))
        if rng.random() < 0.75:
            rest += f"{rng.integers(1, 40)}{'号楼' if rng.random() < 0.5 else '幢'}"
            rest += f"{rng.integers(1, 6)}单元" if rng.random() < 0.5 else ""
            rest += f"{rng.integers(1, 33)}0{rng.integers(1, 9)}{'室' if rng.random() < 0.8 else '号'}"
    start = home.county if rng.random() < 0.1 else home.full_name
    return start + rest


def authority(rng: np.random.Generator, home: District) -> str:
    """The issuing police office as the back names it."""
    if home.county.endswith("区") and home.city and rng.random() < 0.75:
        return f"{home.city}公安局{home.county}分局"
    if not home.city and home.county.endswith("区"):
        return f"{home.province}公安局{home.county}分局"
    return f"{home.county}公安局"


def validity(rng: np.random.Generator, born: date) -> tuple[date, date | None]:
    """First and last day by the age at issue; some of the cards have run out."""
    first = max(_FIRST_CARDS, _years_after(born, 6))
    issued = first + timedelta(days=int(rng.integers((TODAY - first).days)))
    age = issued.year - born.year - ((issued.month, issued.day) < (born.month, born.day))
    if age >= 46:
        return issued, None
    return issued, _years_after(issued, 5 if age < 16 else 10 if age < 26 else 20)


def _years_after(day: date, years: int) -> date:
    """The same day of a later year; 29 February becomes the 28th."""
    if (day.month, day.day) == (2, 29):
        day = date(day.year, 2, 28)
    return day.replace(year=day.year + years)


def _one(rng: np.random.Generator, letters: str) -> str:
    return letters[int(rng.integers(len(letters)))]
