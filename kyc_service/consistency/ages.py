"""Completed years."""

from __future__ import annotations

from datetime import date


def completed_years(born: date, on: date) -> int:
    """How many birthdays somebody ``born`` then has had ``on`` that day.

    Who was born on 29 February has the birthday of other years on 1 March: never too early.

    >>> completed_years(date(2008, 2, 29), date(2026, 2, 28)), completed_years(date(2008, 2, 29), date(2026, 3, 1))
    (17, 18)
    """
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
