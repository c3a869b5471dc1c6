"""A hundred thousand spoilt zones: none crashes anything, none passes unless arithmetic says that it may.

The arithmetic below is written from the clauses and knows nothing of the code: positions count
from 1 as the standard prints them. What passes unseen is counted by its cause: fields that no
check digit covers, and changes that keep every weighted sum (weights of 7, 3, 1 modulo 10).
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from string import ascii_uppercase, digits

from kyc_service.identifiers import mrz
from kyc_service.identifiers.mrz.look_alikes import TO_DIGIT, TO_LETTER

MUTATIONS = 100_000
"""Takes some 12 s of one core."""
TODAY = date(2026, 11, 23)
CHARACTERS = digits + ascii_uppercase + "<"

Positions = list[tuple[int, int]]
# (line, first, last), from 1: what each digit covers, and where it stands. Parts 4 to 7, sections 4.2.4.
TD3_RULES = [
    ([(2, 1, 9)], (2, 10)),
    ([(2, 14, 19)], (2, 20)),
    ([(2, 22, 27)], (2, 28)),
    ([(2, 29, 42)], (2, 43)),
    ([(2, 1, 10), (2, 14, 20), (2, 22, 43)], (2, 44)),
]
TD2_RULES = [*TD3_RULES[:3], ([(2, 1, 10), (2, 14, 20), (2, 22, 35)], (2, 36))]
TD1_RULES = [
    ([(1, 6, 14)], (1, 15)),
    ([(2, 1, 6)], (2, 7)),
    ([(2, 9, 14)], (2, 15)),
    ([(1, 6, 30), (2, 1, 7), (2, 9, 15), (2, 19, 29)], (2, 30)),
]
RULES = {(2, 44, "P"): TD3_RULES, (2, 44, "V"): TD3_RULES[:3], (2, 36, "V"): TD3_RULES[:3]}
RULES |= {(2, 36, code): TD2_RULES for code in "ACI"} | {(3, 30, code): TD1_RULES for code in "ACI"}


def digit(text: str) -> str:
    return str(sum((0 if c == "<" else int(c, 36)) * (7, 3, 1)[i % 3] for i, c in enumerate(text)) % 10)


def is_right(lines: tuple[str, ...]) -> bool:
    """Whether every check digit of ``lines`` is what arithmetic asks for."""
    rules = RULES.get((len(lines), len(lines[0]), lines[0][:1])) if lines else None
    if rules is None or len({len(line) for line in lines}) != 1:
        return False
    for covered, (line, place) in rules:
        value = "".join(lines[at - 1][first - 1 : last] for at, first, last in covered)
        printed = lines[line - 1][place - 1]
        if printed == "<" and covered == [(2, 29, 42)] and not value.strip("<"):
            continue
        if printed == "<" and rules in (TD1_RULES, TD2_RULES) and (line, place) in {(1, 15), (2, 10)}:
            optional = lines[0][15:] if rules is TD1_RULES else lines[1][28:35]
            rest = optional.split("<")[0]
            if value.endswith("<") or len(rest) < 2 or rest == optional or digit(value + rest[:-1]) != rest[-1]:
                return False
            continue
        if printed != digit(value):
            return False
    return True


def a_zone(rng: random.Random) -> tuple[str, ...]:
    def checked(text: str) -> str:
        return text + digit(text)

    def some(count: int) -> str:
        return "".join(rng.choices(CHARACTERS[:-1], k=count))

    name = "<".join("".join(rng.choices(ascii_uppercase, k=rng.randint(2, 9))) for _ in range(rng.randint(1, 2)))
    name += "<<" + "".join(rng.choices(ascii_uppercase, k=rng.randint(2, 8)))
    born = checked(f"{TODAY - timedelta(rng.randrange(36000)):%y%m%d}")
    expires = checked(f"{TODAY + timedelta(rng.randrange(-3000, 3000)):%y%m%d}")
    number, optional, sex = some(9), some(rng.choice([0, 4, 7])), rng.choice("MF<")
    form = rng.choice(["TD1", "TD2", "TD3", "MRV-A", "MRV-B"])
    is_long = form in {"TD1", "TD2"} and rng.random() < 0.2
    rest = some(3) if is_long else ""
    start = f"{number}<" if is_long else checked(number)
    optional = rest + digit(number + rest) + "<" if is_long else optional
    if form == "TD1":
        first = f"I<UTO{start}{optional}".ljust(30, "<")
        return (
            first,
            f"{born}{sex}{expires}UTO{'<' * 11}{digit(first[5:] + born + expires)}",
            name[:30].ljust(30, "<"),
        )
    width = 44 if form in {"TD3", "MRV-A"} else 36
    code = {"TD3": "P", "TD2": "I"}.get(form, "V")
    second = f"{start}UTO{born}{sex}{expires}"
    if form == "TD3":
        optional = checked(optional.ljust(14, "<"))
    if form == "TD2":
        optional = optional.ljust(7, "<")
    if code != "V":
        second += optional + digit(start + born + expires + optional)
    return (f"{code}<UTO{name}"[:width].ljust(width, "<"), (second + optional * (code == "V")).ljust(width, "<"))


def spoil(rng: random.Random, lines: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """One mutation, and its kind."""
    kind = rng.choice(["substitution", "look_alike", "deletion", "insertion", "swap", "lines", "loss"])
    at = rng.randrange(len(lines))
    text, column = lines[at], rng.randrange(len(lines[at]) - 1)
    if kind == "substitution":
        text = text[:column] + rng.choice(CHARACTERS) + text[column + 1 :]
    elif kind == "look_alike":
        twin = (TO_DIGIT | TO_LETTER).get(text[column], text[column])
        text = text[:column] + twin + text[column + 1 :]
    elif kind == "deletion":
        text = text[:column] + text[column + 1 :]
    elif kind == "insertion":
        text = text[:column] + rng.choice(CHARACTERS) + text[column:]
    elif kind == "swap":
        text = text[:column] + text[column + 1] + text[column] + text[column + 2 :]
    elif kind == "lines":
        return kind, tuple(rng.sample(lines, len(lines)))
    else:
        return kind, (*lines[:at], *lines[at + 1 :])
    return kind, (*lines[:at], text, *lines[at + 1 :])


def test_no_spoilt_zone_passes_but_by_arithmetic() -> None:
    rng = random.Random(20261123)  # noqa: S311 - reproducible, nothing secret
    passed: Counter[str] = Counter()
    repaired: Counter[str] = Counter()
    lines: tuple[str, ...] = ()
    for number in range(MUTATIONS):
        lines = a_zone(rng) if number % 10 == 0 else lines
        kind, spoilt = spoil(rng, lines)
        if not mrz.problems(spoilt, TODAY):
            assert is_right(spoilt), spoilt
            passed["unchanged" if spoilt == lines else kind] += 1
        read = mrz.from_ocr(spoilt)
        assert [line.replace("<", "") for line in read] == [line.replace("<", "") for line in spoilt]
        repair = mrz.repair_by_type(read)
        assert_only_look_alikes(read, repair)
        if repair.lines != spoilt and not mrz.problems(repair.lines, TODAY):
            assert is_right(repair.lines), repair
            repaired["with changes" if repair.changes else "with filler"] += 1
    # Lines in another order and lost lines never pass; filler put in or taken out of a run only through
    # from_ocr, which restores it; the rest are unchecked fields and kept sums.
    assert set(passed) == {"unchanged", "substitution", "look_alike", "swap"}
    assert min(passed.values()) > MUTATIONS // 1000
    assert set(repaired) == {"with changes", "with filler"}


def assert_only_look_alikes(read: tuple[str, ...], repair: mrz.Repair) -> None:
    """Every difference is a reported change to the only look-alike that the column's type allows."""
    before = [list(line) for line in repair.lines]
    types = mrz.column_types(repair.lines) if repair.changes else ()
    for change in repair.changes:
        twins = {mrz.Holds.LETTER: TO_LETTER, mrz.Holds.DIGIT: TO_DIGIT}
        # The digit of a long number stands among data that may be either.
        holds = types[change.line][change.column]
        assert twins.get(holds, TO_DIGIT)[change.before] == change.after
        before[change.line][change.column] = change.before
    assert tuple(map("".join, before)) == read


def test_the_arithmetic_knows_the_examples_of_the_standard() -> None:
    assert is_right(
        ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"),
    )
    assert is_right(
        ("I<UTOD23145890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2", "STEVENSON<<PETER<JOHN<<<<<<<<<")
    )
    assert not is_right(
        ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<11"),
    )
