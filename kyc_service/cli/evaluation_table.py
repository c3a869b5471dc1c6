"""The figures of ``kyc evaluate documents`` on a terminal: terse, the dangerous ones last and in colour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

Figures = Mapping[str, Any]


def print_evaluation(figures: Figures, out: Console) -> None:
    """What a person wants to know first; everything else is in the JSON and on the page."""
    data = figures["data_set"]
    out.print(f"{data['title']}: {data['pictures']} pictures of {data['documents']} documents")
    for column, value in data["assumed"].items():
        out.print(f"  [dim]no column '{column}': taken for '{value}'[/]")
    out.print("  " + ", ".join(f"{state.replace('_', ' ')} {n}" for state, n in figures["states"].items() if n))
    for table in (
        _sides(figures),
        _fields(figures),
        _faults(figures),
        _scores(figures),
        _times(figures),
        _wrong(figures),
    ):
        if table.row_count:
            out.print()
            out.print(table)
    for case in figures["wrong_cases"]:
        if case["population"] != "attack":
            out.print(_case(case), soft_wrap=True)
    for failure in figures["failures"]:
        out.print(f"  [red]row {failure['row']}[/] {failure['state']}: {failure['cause']}")


def _sides(figures: Figures) -> Table:
    table = _table(
        "plain pictures", "n", "sent back", "not recognised", "all fields exact", "number exact", "uncertain"
    )
    for side in figures["sides"]:
        table.add_row(
            _group(side),
            str(side["n"]),
            _share(side["retake"]),
            *(
                _share(side[k])
                for k in (
                    "unrecognised_of_kept",
                    "all_fields_exact_of_kept",
                    "number_exact_of_kept",
                    "uncertain_of_kept",
                )
            ),
        )
    return table


def _fields(figures: Figures) -> Table:
    table = _table(
        "field, of kept", "n", "exact", "characters wrong", "wrong read", "certain of it", "not read", "uncertain"
    )
    for field in figures["fields"]:
        if not any(field[part] for part in ("family", "severity", "side")):
            table.add_row(
                field["field"],
                str(field["exact_of_kept"]["n"]),
                _share(field["exact_of_kept"]),
                _share(field["character_error_rate_of_kept"]),
                str(field["wrong_read"]),
                str(field["wrong_but_certain"]),
                str(field["wrong_not_read"]),
                _share(field["uncertain_of_kept"]),
            )
    return table


def _faults(figures: Figures) -> Table:
    table = _table("fault", "n", "sent back", "asked-for reason", "reasons given")
    for fault in figures["faults"]:
        if fault["fault"]:
            given = ", ".join(f"{reason} {n}" for reason, n in fault["reasons"].items())
            table.add_row(
                fault["fault"], str(fault["n"]), _share(fault["sent_back"]), _share(fault["asked_for_given"]), given
            )
    return table


def _scores(figures: Figures) -> Table:
    table = _table("attack", "score", "n", "detected at 1 %", "at 5 % false alarms")
    for score in figures["authenticity_scores"]:
        for attack in score["attacks"]:
            name = f"{score['check'].rpartition('.')[2]}/{score['score']}"
            table.add_row(attack["attack"], name, str(attack["scored"]), *(_share(d) for d in attack["detected"]))
    return table


def _times(figures: Figures) -> Table:
    table = _table("time", "p50 ms", "p95 ms")
    for stage in figures["timings"]["stages"]:
        table.add_row(stage["stage"], f"{stage['p50_ms']:.0f}", f"{stage['p95_ms']:.0f}")
    return table


def _wrong(figures: Figures) -> Table:
    table = _table("field that decides", "pictures", "wrong but certain", "wrong but clear")
    for entry in figures["wrong"]:
        table.add_row(
            entry["field"],
            f"{entry['population']} {entry['wrong_but_clear']['n']}",
            *(_count(entry[k]) for k in ("wrong_but_certain", "wrong_but_clear")),
        )
    return table


def _case(case: Figures) -> str:
    said = " and ".join(name for name in ("certain", "clear") if case[f"is_{name}"])
    confidence = "" if case["min_confidence"] is None else f", lowest character {case['min_confidence']:.3f}"
    values = f": {escape(case['truth'])} was read as {escape(case['reading'])}" if "truth" in case else ""
    return f"  [red]row {case['row']}[/] {case['field']} wrong but {said}{values}{confidence}"


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right", overflow="fold")
    return table


def _group(entry: Figures) -> str:
    return " ".join(entry[part] for part in ("family", "severity", "side") if entry[part]) or "all"


def _share(value: Figures) -> str:
    if value["rate"] is None:
        return "[dim]-[/]"
    interval = f"{100 * value['ci_low']:.1f}-{100 * value['ci_high']:.1f}"
    return f"{100 * value['rate']:.1f} % [dim]({interval})[/]"


def _count(value: Figures) -> str:
    text = f"{value['count']} of {value['n']} [dim](at most {100 * (value['ci_high'] or 0):.2g} %)[/]"
    return f"[red]{text}[/]" if value["count"] else text
