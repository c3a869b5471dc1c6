"""Whether the time to refuse a wrong code says how much of it was right.

``python -m benchmarks.phone_codes`` guesses at codes over the use case and a real
database: wrong in the first digit and wrong in the last, by turns in random order, and
reports both distributions and the difference with its confidence interval.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast

from rich.console import Console
from rich.progress import track

from benchmarks.steps import Quantiles, report
from kyc_service.bootstrap import Decider, open_api
from kyc_service.domain.claims import Claims
from kyc_service.domain.verification import UseCase
from kyc_service.notifications.code_limits import CodeLimits, windows_of
from kyc_service.notifications.phone_code import PhoneCodeMessage
from kyc_service.settings import Settings
from kyc_service.storage.database import Database
from kyc_service.verification.phone_code_sending import send_phone_code
from kyc_service.verification.phone_codes import check_phone_code
from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import NewVerification
from kyc_service.verification.use_cases import create_verification

_CODE: Final = "111111"
_WRONG: Final = {"first digit wrong": "911111", "last digit wrong": "111119"}
_Z95: Final = 1.96


class _Nowhere:
    def send(self, message: PhoneCodeMessage) -> None:
        """Take it and forget it."""


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=1500, help="guesses of each kind")
    parser.add_argument("--json", type=Path, default=Path("out/bench-phone-codes.json"))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, _service(Path(folder)) as service:
        taken = _measure(service, given.pairs)
    first, last = taken.values()
    differences = [a - b for a, b in zip(first, last, strict=True)]
    mean, half = statistics.fmean(differences), _Z95 * statistics.stdev(differences) / len(differences) ** 0.5
    report(
        {name: _quantiles(times) for name, times in taken.items()},
        given.json,
        pairs=given.pairs,
        difference_us={"mean": 1000 * mean, "low": 1000 * (mean - half), "high": 1000 * (mean + half)},
        median_difference_us=1000 * statistics.median(differences),
    )
    said = json.loads(given.json.read_text(encoding="utf-8"))
    low, high = said["difference_us"]["low"], said["difference_us"]["high"]
    Console().print(
        f"first less last, mean of {given.pairs} pairs: {1000 * mean:+.1f} us, 95 % between {low:+.1f} and {high:+.1f};"
        f" median {said['median_difference_us']:+.1f} us"
    )


def _measure(service: VerificationService, pairs: int) -> dict[str, list[float]]:
    """Milliseconds of each guess; two pairs for each code, since it has five tries."""
    taken: dict[str, list[float]] = {name: [] for name in _WRONG}
    order, claims = random.Random(0), Claims(phone_number="+8613800138000")  # noqa: S311 - an order, no secret
    new = NewVerification(UseCase.ONBOARDING, "standard", claims, "bench")
    for pair in track(range(pairs), "Guessing", transient=True):
        if pair % 2 == 0:
            verification_id = create_verification(service, new).record.id
            send_phone_code(service, verification_id, "bench")
        for name in order.sample(sorted(_WRONG), len(_WRONG)):
            start = time.perf_counter()
            check_phone_code(service, verification_id, _WRONG[name], "bench")
            taken[name].append(1000 * (time.perf_counter() - start))
    return taken


@contextmanager
def _service(folder: Path) -> Iterator[VerificationService]:
    @contextmanager
    def nothing_decides(_: Settings, __: Database) -> Iterator[Decider]:
        yield Decider(cast("Any", None), lambda: frozenset({(UseCase.ONBOARDING, "standard")}), "none")

    many = windows_of("100000000/day")
    with open_api(Settings(_env_file=None, data_dir=folder), nothing_decides) as state:
        parts = state.service.phone_codes
        assert parts is not None  # noqa: S101 - wiring always makes it
        limits = CodeLimits(many, many, many, many)
        yield replace(state.service, phone_codes=replace(parts, sender=_Nowhere(), limits=limits, draw=lambda: _CODE))


def _quantiles(times: list[float]) -> Quantiles:
    cuts = statistics.quantiles(times, n=20)
    return {"p50": cuts[9], "p95": cuts[18]}


if __name__ == "__main__":
    main()
