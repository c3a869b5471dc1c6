"""The challenge document: the JSON form of a liveness challenge, for storage and the command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from kyc_service.domain.challenge import Action, ActionStep, Challenge, ChallengeKind, FlashColour, FlashStep
from kyc_service.errors import InvalidInput


class ChallengeInvalid(InvalidInput):
    """The challenge does not have the form that the service gave it."""

    code = "challenge_invalid"


class _Step(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    action: Action | None = None
    colour: FlashColour | None = None
    from_ms: int
    until_ms: int


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    kind: ChallengeKind
    steps: list[_Step]
    issued_at: AwareDatetime
    expires_at: AwareDatetime


def challenge_to_json(challenge: Challenge) -> dict[str, Any]:
    """``challenge`` as JSON-ready values."""
    return {
        "id": challenge.id,
        "kind": challenge.kind.value,
        "steps": steps_to_json(challenge),
        "issued_at": challenge.issued_at.isoformat(),
        "expires_at": challenge.expires_at.isoformat(),
    }


def challenge_from_json(text: bytes) -> Challenge:
    """The challenge that :func:`challenge_to_json` described.

    Raises:
        ChallengeInvalid: it does not have that form.
    """
    try:
        document = _Document.model_validate_json(text)
    except ValidationError as cause:
        places = sorted({".".join(str(part) for part in error["loc"]) or "the whole" for error in cause.errors()})
        raise ChallengeInvalid(f"The challenge cannot be read; wrong or missing: {', '.join(places)}.") from None
    steps = [step.model_dump(mode="json", exclude_none=True) for step in document.steps]
    actions, flashes = steps_from_json(steps)
    return Challenge(document.id, document.kind, actions, flashes, document.issued_at, document.expires_at)


def steps_to_json(challenge: Challenge) -> list[dict[str, Any]]:
    """What is asked and when, as plain objects."""
    actions = [{"action": s.action.value, "from_ms": s.from_ms, "until_ms": s.until_ms} for s in challenge.actions]
    flashes = [{"colour": s.colour.value, "from_ms": s.from_ms, "until_ms": s.until_ms} for s in challenge.flashes]
    return [*actions, *flashes]


def steps_from_json(steps: Sequence[dict[str, Any]]) -> tuple[tuple[ActionStep, ...], tuple[FlashStep, ...]]:
    """The steps that :func:`steps_to_json` described."""
    actions = [ActionStep(Action(s["action"]), s["from_ms"], s["until_ms"]) for s in steps if "action" in s]
    flashes = [FlashStep(FlashColour(s["colour"]), s["from_ms"], s["until_ms"]) for s in steps if "colour" in s]
    return tuple(actions), tuple(flashes)
