"""Pictures of attack detection: DET curves per species, and where the scores lie."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from kyc_service.evaluation.det import LINES, DetAxis, DetCurve, det_plot
from kyc_service.evaluation.svg import INK, element, figure, line, text

Figures = Mapping[str, Any]


def pad_det_plot(score: Figures) -> Markup:
    """APCER against BPCER, one line per species."""
    curves = [
        DetCurve(f"{entry['species']} (n = {entry['auc']['n']})", entry["det"])
        for entry in score["species"]
        if entry["det"]
    ]
    across = DetAxis("bona fide presentations refused (bpcer), %")
    down = DetAxis("attack presentations accepted (apcer), %")
    return det_plot(curves, across, down, f"DET curves of {score['score']}")


def score_plot(score: Figures) -> Markup:
    """How the scores of bona fide presentations and of each species are spread over 0..1."""
    rows = [("bona fide", score["bona_fide_histogram"], "#1a7f4b")]
    rows += [
        (entry["species"].replace("_", " "), entry["histogram"], LINES[i % len(LINES)])
        for i, entry in enumerate(score["species"])
    ]
    left, width, tall = 150.0, 700.0, 44.0
    parts = []
    for number, (name, counts, colour) in enumerate(rows):
        base, most = 10 + tall * (number + 1), max([1, *counts])
        parts += [line(left, base, left + width, base), text(left - 10, base - 8, name, anchor="end", fill=INK)]
        step = width / len(counts)
        for i, count in enumerate(counts):
            high = (tall - 10) * count / most
            said = element("title", f"{i / len(counts):.2f} to {(i + 1) / len(counts):.2f}: {count}")
            x = left + i * step + 1
            parts.append(element("rect", said, x=x, y=base - high, width=step - 2, height=high, fill=colour))
    below = 10 + tall * len(rows) + 16
    parts += [text(left + width * i / 5, below, f"{i / 5:g}", anchor="middle", size=11) for i in range(6)]
    return figure(900, below + 8, parts, f"Spread of {score['score']}")
