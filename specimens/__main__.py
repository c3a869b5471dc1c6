"""`python -m specimens`: draw specimens into a folder with a manifest, or a contact sheet to look at."""

import argparse
import csv
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from specimens.attack_protocol import Split
from specimens.dataset import COLUMNS, Request, documents, known_attacks, samples, warm_up
from specimens.families import FAMILIES
from specimens.families.protocol import NO_ATTACK
from specimens.faults import FAULTS, NO_FAULT
from specimens.severity import SEVERITIES, SeverityName
from specimens.sheet import contact_sheet

Row = dict[str, str]


def main() -> None:
    """Read the command line and draw."""
    arguments = _parser().parse_args()
    if arguments.list:
        _show_names()
        return
    if arguments.out is None:
        sys.exit("--out DIR is needed: the folder for the pictures and manifest.csv")
    request = Request(
        families=tuple(arguments.families), severities=tuple(SeverityName(name) for name in arguments.severity),
        count=arguments.count, seed=arguments.seed, split=Split(arguments.split), attacks=tuple(arguments.attack),
        faults=tuple(NO_FAULT if name == "none" else name for name in arguments.fault), sides=tuple(arguments.side),
    )  # fmt: skip
    arguments.out.mkdir(parents=True, exist_ok=True)
    rows = _write_all(request, arguments.out, arguments.jobs)
    with (arguments.out / "manifest.csv").open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, COLUMNS)
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: row["path"]))
    print(f"{len(rows)} pictures, manifest: {arguments.out / 'manifest.csv'}")
    if arguments.sheet is not None:
        contact_sheet(
            [arguments.out / row["path"] for row in sorted(rows, key=lambda row: row["path"])], arguments.sheet
        )
        print(f"Contact sheet: {arguments.sheet}")


def _write_all(request: Request, folder: Path, jobs: int) -> list[Row]:
    total, started, rows = documents(request), time.perf_counter(), []
    if jobs == 1:
        for row in _write_part(request, folder, 0, 1):
            rows.append(row)
            _show_progress(len(rows), total, row, started)
        return rows
    parts = max(jobs * 4, 1)
    with ProcessPoolExecutor(jobs) as pool:
        waiting = [pool.submit(_listed_part, request, folder, part, parts) for part in range(parts)]
        for done in as_completed(waiting):
            rows.extend(done.result())
            if rows:
                _show_progress(len(rows), total, rows[-1], started)
    return rows


def _listed_part(request: Request, folder: Path, part: int, parts: int) -> list[Row]:
    return list(_write_part(request, folder, part, parts))


def _write_part(request: Request, folder: Path, part: int, parts: int) -> Iterator[Row]:
    warm_up()
    for sample in samples(request, part=part, parts=parts):
        (folder / sample.row["path"]).write_bytes(sample.content)
        yield dict(sample.row)


def _show_progress(pictures: int, total: int, row: Row, started: float) -> None:
    took = time.perf_counter() - started
    print(f"[{pictures:5} pictures of {total} documents, {took / pictures:.2f} s each] {row['path']}", flush=True)


def _show_names() -> None:
    print("families:  ", *FAMILIES)
    print("severities:", *SeverityName)
    print("faults:    ", *FAULTS)
    print("attacks:   ", NO_ATTACK, *known_attacks())
    for name, ranges in SEVERITIES.items():
        print(f"\n{name}: {ranges}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m specimens", description=__doc__)
    parser.add_argument("--list", action="store_true", help="show families, severities, faults and attacks")
    parser.add_argument("--families", nargs="+", choices=list(FAMILIES), default=["cn_resident_identity_card"])
    parser.add_argument("--side", nargs="+", choices=["front", "back"], default=["front", "back"])
    parser.add_argument("--severity", nargs="+", choices=list(SeverityName), default=[SeverityName.MILD.value])
    parser.add_argument("--attack", nargs="+", choices=[NO_ATTACK, *known_attacks()], default=[NO_ATTACK])
    parser.add_argument("--fault", nargs="+", choices=["none", *FAULTS], default=["none"])
    parser.add_argument("--count", type=int, default=1, help="documents for each family, severity, attack and fault")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--split", choices=list(Split), default=Split.TRAIN.value)
    parser.add_argument("--out", type=Path, help="folder for the pictures and manifest.csv")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--sheet", type=Path, help="also write all pictures, made small, into one PNG")
    return parser


if __name__ == "__main__":
    main()
