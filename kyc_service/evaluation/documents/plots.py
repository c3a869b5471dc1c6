"""The plots of the evaluation page, each from the figures' JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup

from kyc_service.evaluation import det
from kyc_service.evaluation.det import DetAxis, DetCurve
from kyc_service.evaluation.svg import INK, SOFT, element, figure, line, text

Figures = Mapping[str, Any]

SEVERITY_COLOURS: Final = {"mild": "#1a7f4b", "middle": "#a86a00", "severe": "#b3261e", "unstated": "#2563a8"}
FATES: Final = {
    "exact": ("every field exact", "#1a7f4b"),
    "exact_but_doubted": ("exact, but doubted", "#8fc7aa"),
    "sent_back": ("sent back", "#2563a8"),
    "unrecognised": ("not recognised", "#7b3fa0"),
    "failed": ("refused or crashed", "#5b6675"),
    "wrong_and_doubted": ("wrong, and doubted", "#e9b949"),
    "wrong": ("wrong, and not doubted", "#b3261e"),
}
_PERCENTS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
_ROW: Final = 26.0


def fates_plot(sides: Sequence[Figures]) -> Markup:
    """What became of the pictures of each group: one stacked bar per entry."""
    left, width = 330.0, 560.0
    parts: list[Markup] = []
    for i, side in enumerate(sides):
        y, x = 8 + i * _ROW, left
        parts.append(text(left - 10, y + 13, _name(side), anchor="end", size=13, fill=INK))
        for fate, (label, colour) in FATES.items():
            count = side["fates"].get(fate, 0)
            if count:
                w = width * count / side["n"]
                bar = element(
                    "rect", element("title", f"{label}: {count}"), x=x, y=y, width=w, height=17.0, fill=colour
                )
                parts.append(bar)
                if w > 16:  # noqa: PLR2004 - px: room for a number
                    dark = fate in ("exact_but_doubted", "wrong_and_doubted")
                    parts.append(
                        text(x + w / 2, y + 13, str(count), anchor="middle", size=11, fill=INK if dark else "#fff")
                    )
                x += w
        parts.append(text(left + width + 10, y + 13, f"n = {side['n']}"))
    return figure(980, 14 + len(sides) * _ROW, parts, "What became of the pictures")


def exactness_plot(fields: Sequence[Figures]) -> Markup:
    """Exact share of each field with its interval, one mark per severity."""
    by_field: dict[str, list[Figures]] = {}
    for entry in fields:
        if entry["severity"] and not entry["family"] and entry["exact_of_kept"]["rate"] is not None:
            by_field.setdefault(entry["field"], []).append(entry)
    left, width, row = 150.0, 720.0, 36.0
    height = 20 + row * len(by_field)
    parts = _percent_grid(left, width, height)
    for i, (field, entries) in enumerate(by_field.items()):
        middle = 8 + row * (i + 0.5)
        parts.append(line(left, middle + row / 2, left + width, middle + row / 2))
        parts.append(text(left - 10, middle + 4, field.replace("_", " "), anchor="end", size=13, fill=INK))
        for j, entry in enumerate(entries):
            y = middle + (j - (len(entries) - 1) / 2) * 9
            parts += _mark(entry["exact_of_kept"], left, width, y, SEVERITY_COLOURS[entry["severity"]])
    return figure(980, height + 26, parts, "Exactly read fields by severity")


def reliability_plot(confidence: Figures) -> Markup:
    """Exact share by the lowest character's confidence, and how many readings lie where."""
    bins = [b for b in confidence["bins"] if b["exact"]["n"]]
    left, top, height, step = 40.0, 12.0, 150.0, 40.0
    width = step * len(confidence["bins"])
    most = max((b["exact"]["n"] for b in bins), default=1)
    parts = []
    for share in _PERCENTS:
        y = top + height * (1 - share)
        parts += [line(left, y, left + width, y), text(left - 6, y + 4, f"{100 * share:g}", anchor="end", size=10)]
    for i, entry in enumerate(confidence["bins"]):
        x, exact = left + step * (i + 0.5), entry["exact"]
        parts.append(text(x - step / 2, top + height + 14, f"{entry['from']:g}"[:5], anchor="middle", size=9))
        if not exact["n"]:
            continue
        tall = height * exact["n"] / most
        parts.append(element("rect", x=x - 15, y=top + height - tall, width=30.0, height=tall, fill="#e6ebf1"))
        low, high, mid = (top + height * (1 - exact[k]) for k in ("ci_low", "ci_high", "rate"))
        parts.append(line(x, low, x, high, stroke="#7c93b2", width=2))
        said = element("title", f"{exact['count']} of {exact['n']} exact")
        parts.append(element("circle", said, cx=x, cy=mid, r=4.5, fill="#2563a8"))
        parts.append(text(x, top + height - 4, str(exact["n"]), anchor="middle", size=9))
    parts.append(text(left + width, top + height + 14, "1", anchor="middle", size=9))
    name = confidence["field"] or "all fields"
    return figure(left + width + 12, top + height + 22, parts, f"Reliability of confidence: {name}")


def det_plot(score: Figures) -> Markup:
    """Missed attacks against false alarms on normal-deviate axes, as ISO/IEC 19795-1 draws them."""
    curves = [DetCurve(f"{attack['attack']} (n = {attack['scored']})", attack["det"]) for attack in score["attacks"]]
    across, up = DetAxis("bona fide pictures refused (bpcer), %"), DetAxis("attacks accepted (apcer), %")
    return det.det_plot(curves, across, up, f"DET curve of {score['score']}")


def time_plot(timings: Figures) -> Markup:
    """How many pictures took how long, with the median and the 95th percentile."""
    edges, counts = timings["histogram"]["edges_ms"], timings["histogram"]["counts"]
    if not counts:
        return Markup()
    left, top, width, height = 46.0, 22.0, 880.0, 150.0
    step, most = width / len(counts), max(counts)
    parts = [line(left, top + height, left + width, top + height, stroke=SOFT)]
    for i, count in enumerate(counts):
        tall = height * count / most
        bar = element("title", f"{edges[i]:.0f} to {edges[i + 1]:.0f} ms: {count}")
        parts.append(
            element(
                "rect", bar, x=left + i * step + 1, y=top + height - tall, width=step - 2, height=tall, fill="#7c93b2"
            )
        )
    below = top + height + 16
    parts += [
        text(left + i * step, below, f"{edges[i]:.0f}", anchor="middle", size=11) for i in range(0, len(edges), 4)
    ]
    parts.append(text(left + width, top + height + 32, "ms per picture", anchor="end"))
    parts.append(text(left - 6, top + 8, str(most), anchor="end", size=11))
    total = timings["stages"][0]
    for name, key in (("median", "p50_ms"), ("95 %", "p95_ms")):
        x = left + width * total[key] / edges[-1]
        parts += [
            line(x, top - 6, x, top + height, stroke="#b3261e", width=1.5),
            text(x + 4, top, f"{name} {total[key]:.0f} ms"),
        ]
    return figure(980, top + height + 38, parts, "Time per picture")


def _percent_grid(left: float, width: float, height: float) -> list[Markup]:
    parts = []
    for share in _PERCENTS:
        x = left + width * share
        parts += [line(x, 6, x, height), text(x, height + 16, f"{100 * share:g} %", anchor="middle", size=11)]
    return parts


def _mark(share: Figures, left: float, width: float, y: float, colour: str) -> list[Markup]:
    low, mid, high = (left + width * share[key] for key in ("ci_low", "rate", "ci_high"))
    said = element("title", f"{share['count']} of {share['n']}: {100 * share['rate']:.1f} %")
    return [
        line(low, y, high, y, stroke=colour, width=2),
        element("circle", said, cx=mid, cy=y, r=4.5, fill=colour),
        text(left + width + 14, y + 4, f"{share['count']} / {share['n']}", size=9.5, fill=colour),
    ]


def _name(side: Figures) -> str:
    parts = [side[part].replace("_", " ") for part in ("family", "severity", "side") if side[part]]
    return ", ".join(parts) or "all plain pictures"
