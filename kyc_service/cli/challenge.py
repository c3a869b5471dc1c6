"""``kyc challenge``: draw a liveness challenge for ``kyc verify``, which checks its answer."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from kyc_service.cli.output import OUT
from kyc_service.cli.paths import writable_file
from kyc_service.domain.challenge import ChallengeKind


def challenge(
    out: Annotated[
        Path | None, typer.Option(callback=writable_file, help="Write the challenge to this file, for kyc verify.")
    ] = None,
    kind: Annotated[ChallengeKind, typer.Option(help="Actions before the camera, or colours shown by the screen.")] = (
        ChallengeKind.ACTIONS
    ),
    expires_after_s: Annotated[int, typer.Option(min=1, max=86_400, help="Seconds until the answer must be there.")] = (
        120
    ),
) -> None:
    """Draw a liveness challenge: what to do before the camera, in which order and when."""
    from dataclasses import replace
    from secrets import SystemRandom

    from kyc_service.liveness.challenge.draw import draw
    from kyc_service.verification.challenge_document import challenge_to_json

    now = datetime.now(UTC)
    drawn = replace(draw(kind, now, SystemRandom()), expires_at=now + timedelta(seconds=expires_after_s))
    text = json.dumps(challenge_to_json(drawn), indent=2)
    if out is None:
        sys.stdout.write(text + "\n")
        return
    out.write_text(text + "\n", encoding="utf-8")
    for step in drawn.actions:
        OUT.print(f"from {step.from_ms / 1000:4.1f} s until {step.until_ms / 1000:4.1f} s  {step.action}")
    for flash in drawn.flashes:
        OUT.print(f"from {flash.from_ms / 1000:4.1f} s until {flash.until_ms / 1000:4.1f} s  screen {flash.colour}")
