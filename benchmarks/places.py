"""How long facts take: 10,000 random applicants through the place book, the network shut.

Half of the inputs are people of all of China and the world, some at borders, with a card,
a number, two addresses, names, an IP and a photo's position each; the other half are
hostile: numbers, degrees, addresses and names that are none. ``make bench-places`` prints
a table and writes JSON. The address database is made on the spot.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import socket
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from mmdb_writer import MMDBWriter
from netaddr import IPSet
from rich.console import Console
from rich.table import Table

from kyc_service.domain.claims import Claims, Datum, Device, DeviceLocation
from kyc_service.domain.facts import Position
from kyc_service.places import PlaceBook
from kyc_service.places.gb2260 import CodeBook, read_code_book
from kyc_service.places.tables import read_table

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
CHARACTERS = "王李张刘陈杨单解曾仇欧阳诸葛吕女任盖乐行长覃朴区查华朝国雄修娜文玉鑫龍陳劉張㛃·𡋤"
HOSTILE = (
    "",
    "\x00",
    "９" * 400,
    "+86 " + "1" * 300,
    "中山路" * 80,
    "北京市" * 80,
    "\ud800",
    "👩‍👩‍👧",
    "' OR 1=1 --",
    "市辖区",
)
ODD = (float("nan"), float("inf"), float("-inf"), 1e308, -1e-320, 90.0, -90.0, 180.0, -180.0, 0.0)
BORDERS = ((22.5329, 114.1130), (40.1292, 124.3947), (22.2156, 113.5500), (47.59, 7.59), (44.2, 80.4), (27.99, 86.93))


@dataclass(frozen=True, slots=True)
class Case:
    """What one look-up is given."""

    claims: Claims
    region_code: str | None
    printed_address: str
    printed_name: str
    photo: Position | None


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=10_000, help="random inputs")
    parser.add_argument("--warm-up", type=int, default=500, help="inputs before these, that do not count")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--json", type=Path, default=Path("out/bench-places.json"))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = _database(Path(folder) / "addresses.mmdb")
        _shut_the_network()
        start = time.perf_counter()
        book = PlaceBook(ip_database=database)
        load_s = time.perf_counter() - start
        measured = _measure(book, given.inputs, given.warm_up, given.seed)
    _report({"load_s": load_s, **measured}, given.json, given.inputs)


def _measure(book: PlaceBook, inputs: int, warm_up: int, seed: int) -> dict[str, float]:
    cases = _cases(random.Random(seed))  # noqa: S311 - not a secret
    taken = []
    for number in range(warm_up + inputs):
        case = next(cases)
        start = time.perf_counter()
        book.look_up(
            case.claims,
            case.region_code,
            NOW,
            printed_address=case.printed_address,
            printed_name=case.printed_name,
            photo_position=case.photo,
        )
        if number >= warm_up:
            taken.append(1000 * (time.perf_counter() - start))
    taken.sort()
    return {
        **{f"p{q}_ms": taken[min(int(len(taken) * q / 100), len(taken) - 1)] for q in (50, 95, 99)},
        "max_ms": taken[-1],
        "over_10_ms": sum(ms >= 10 for ms in taken),  # noqa: PLR2004 - the limit this is about
    }


def _cases(draw: random.Random) -> Iterator[Case]:
    codes = read_code_book()
    numbered = sorted(c for c in codes.names if not c.endswith("00"))
    towns = [(float(row[3]), float(row[4])) for row in read_table("places").rows]
    while True:
        yield _honest(draw, codes, numbered, towns)
        yield _hostile(draw)


def _honest(draw: random.Random, codes: CodeBook, numbered: list[str], towns: list[tuple[float, float]]) -> Case:
    code, other = draw.choice(numbered), draw.choice(numbered)
    here = draw.choice([*BORDERS, *draw.choices(towns, k=9 * len(BORDERS))])
    lat, lon = here[0] + draw.gauss(0, 0.02), here[1] + draw.gauss(0, 0.02)
    claims = Claims(
        full_name=_name(draw),
        phone_number=_number(draw),
        issuing_country="CHN",
        address=_address(codes, other) + "中山路12号",
        ip_address=f"{draw.randrange(1, 224)}.{draw.randrange(256)}.{draw.randrange(256)}.7",
        device_location=DeviceLocation(
            lat, lon, draw.choice([5.0, 65.0, 3000.0, 5e4, None]), None, draw.choice(list(Datum))
        ),
        device=Device(timezone=draw.choice(["Asia/Shanghai", "Asia/Urumqi", "America/New_York"])),
    )
    return Case(claims, code, _address(codes, code) + "人民路1号", _name(draw), Position(lat + 0.01, lon))


def _hostile(draw: random.Random) -> Case:
    def number() -> float:
        return draw.choice([*ODD, draw.uniform(-400, 400)])

    noise = "".join(chr(draw.randrange(0x20, 0x2FFFF)) for _ in range(draw.randrange(200)))
    texts = [*HOSTILE, noise, noise.encode("utf-8", "replace").decode("utf-8", "replace")]
    claims = Claims(
        full_name=draw.choice(texts),
        phone_number=draw.choice([*texts, "+" + str(draw.randrange(10**15))]),
        address=draw.choice(texts),
        ip_address=draw.choice([*texts, "::1", "10.0.0.1", "256.1.1.1", "fe80::1%eth0"]),
        device_location=DeviceLocation(number(), number(), number(), None, draw.choice(list(Datum))),
        device=Device(timezone=draw.choice(texts)),
    )
    return Case(claims, draw.choice([*texts, "999999"]), draw.choice(texts), draw.choice(texts), None)


def _name(draw: random.Random) -> str:
    return "".join(draw.choices(CHARACTERS, k=draw.randrange(2, 9)))


def _number(draw: random.Random) -> str:
    mobile = f"1{draw.choice('3456789')}{draw.randrange(10**9):09d}"
    return draw.choice([mobile, f"+852{draw.randrange(5 * 10**7, 7 * 10**7)}", f"+1415{draw.randrange(10**7):07d}"])


def _address(codes: CodeBook, code: str) -> str:
    return "".join(
        filter(None, (codes.provinces[code[:2]], codes.latest_name(f"{code[:4]}00"), codes.latest_name(code)))
    )


def _database(path: Path) -> Path:
    writer = MMDBWriter(ip_version=4, database_type="Benchmark-City")
    for first in range(1, 224):
        record = {
            "country": {"iso_code": "CN"},
            "location": {"latitude": 30.0, "longitude": 120.0, "accuracy_radius": 20},
        }
        writer.insert_network(IPSet([f"{first}.0.0.0/8"]), record)
    writer.to_db_file(str(path))
    return path


def _shut_the_network() -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        message = "the network was asked"
        raise AssertionError(message)

    socket.socket.connect = refuse  # type: ignore[method-assign]
    socket.getaddrinfo = refuse
    socket.create_connection = refuse


def _report(measured: dict[str, float], target: Path, inputs: int) -> None:
    table = Table("", "value", box=None, pad_edge=False, header_style="dim")
    for name, value in measured.items():
        table.add_row(name.replace("_", " "), f"{value:.2f}")
    Console().print(table)
    target.parent.mkdir(parents=True, exist_ok=True)
    content = {"cores": os.cpu_count(), "inputs": inputs, **measured}
    target.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
