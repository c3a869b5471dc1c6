"""One order for the measurements of a check, whatever order the stages finished in."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from kyc_service.decision.plain import plain, reported
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Finding, Measurement, Score

_Place = tuple[int, str, float, float, tuple[str, ...]]


def by_check(measurements: Iterable[Measurement]) -> dict[CheckName, list[Measurement]]:
    """``measurements`` as a report holds them, by check, each check's in an order of their own."""
    found: dict[CheckName, list[Measurement]] = {}
    for measurement in measurements:
        found.setdefault(measurement.check, []).append(_as_reported(measurement))
    return {check: _in_order(mine) for check, mine in found.items()}


def _as_reported(measurement: Measurement) -> Measurement:
    if not isinstance(measurement, Score):
        return measurement
    native, mapped = reported(measurement.native), reported(measurement.mapped)
    if (native, mapped) == (measurement.native, measurement.mapped):
        # As every one that is read from a report; a simulation meets millions of them.
        return measurement
    return replace(measurement, native=native, mapped=mapped)


def _in_order(mine: list[Measurement]) -> list[Measurement]:
    ordered = sorted(mine, key=_place)
    # Only of those that the short key does not tell apart is all of the content worth its time.
    alike = (list(same) for _, same in groupby(ordered, key=_place))
    return [one for same in alike for one in (same if len(same) == 1 else sorted(same, key=_content))]


def _content(measurement: Measurement) -> str:
    return json.dumps(plain(measurement), sort_keys=True)


def _place(measurement: Measurement) -> _Place:
    captures = tuple(sorted(measurement.captures))
    match measurement:
        case Score():
            return (0, measurement.name, measurement.native, measurement.mapped, captures)
        case Finding():
            return (1, " ".join(measurement.reasons), 0.0, 0.0, captures)
        case _:
            return (2, f"{measurement.reason} {measurement.cause}", 0.0, 0.0, captures)
