"""The form of a policy file: what may stand where. Its JSON schema is made from this.

Only form is judged here, one part at a time; whether the parts fit each other and the
calibrations is judged when the policy is resolved.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, PlainValidator, Tag, WithJsonSchema
from pydantic_core import PydanticCustomError

from kyc_service.decision.policy import Direction
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.outcome import Action
from kyc_service.domain.reasons import CATALOGUE, Reason
from kyc_service.domain.verification import UseCase
from kyc_service.policies.problems import unknown_word

ACCEPTED: Final = "accepted"
_RATES: Final = ("fmr", "bpcer", "bona_fide_rejection")
_OF_VERDICT: Final = frozenset({Reason.SIGNALS_COMBINED, Reason.ATTEMPTS_EXHAUSTED})
_OF_POLICY: Final = frozenset({CheckName.CROSS_CHECKS, CheckName.COMBINATIONS})


def _one_of(value: object, allowed: Iterable[str]) -> str:
    words = list(allowed)
    if not isinstance(value, str) or value not in words:
        raise PydanticCustomError("unknown_word", "{told}", {"told": unknown_word(value, words), "allowed": words})
    return value


ASKABLE: Final = tuple(name for name in CheckName if name not in _OF_POLICY)
"""Checks that stages answer; the policy answers its own itself."""
REGISTERS: Final = tuple(
    name for name in CheckName if name.parent == "authority" and name is not CheckName.AUTHORITY_SANCTIONS
)
"""Outside registers that confirm who somebody is; a list of sanctions confirms nobody."""
SIGNALS: Final = (
    *(r for r, entry in CATALOGUE.items() if not entry.retake and r not in _OF_VERDICT),
    *(name for name in CheckName if name is not CheckName.COMBINATIONS),
)
"""What a combination may be made of: what asks for another capture says nothing of the person."""


def _enum_schema(words: Iterable[str], description: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": [str(w) for w in words], "description": description})


_WORDS: Final = {
    "Check": _enum_schema(ASKABLE, "A check that a stage answers."),
    "Register": _enum_schema(REGISTERS, "An outside register that confirms who somebody is."),
    "Judgement": _enum_schema((ACCEPTED, *Reason), "A reason of the catalogue, or accepted."),
    "Signal": _enum_schema(SIGNALS, "A reason that is raised, or a check that is asked and not clear."),
}
AskedCheck = Annotated[CheckName, PlainValidator(lambda value: CheckName(_one_of(value, ASKABLE))), _WORDS["Check"]]
Register = Annotated[CheckName, PlainValidator(lambda value: CheckName(_one_of(value, REGISTERS))), _WORDS["Register"]]


def _judgement(value: object) -> Reason | None:
    word = _one_of(value, (ACCEPTED, *Reason))
    return None if word == ACCEPTED else Reason(word)


Judgement = Annotated[Reason | None, PlainValidator(_judgement), _WORDS["Judgement"]]


def _signal(value: object) -> Reason | CheckName:
    word = _one_of(value, SIGNALS)
    return CheckName(word) if "." in word else Reason(word)


Leaf = Annotated[Reason | CheckName, PlainValidator(_signal), _WORDS["Signal"]]


def _is_time_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"{name} is no IANA time zone")
    return name


class Part(BaseModel):
    """A part of a policy: frozen, and nothing in it that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CrossChecksPart(Part):
    """How many independent outside registers must confirm the person."""

    at_least: int = Field(ge=1, description="So many of them must be clear; fewer is a review.")
    of: list[Register] = Field(min_length=1, description="The registers that count.")


class TierPart(Part):
    """An account tier: the checks that must be answered, and clear, before approval."""

    use_cases: list[UseCase] = Field(min_length=1, description="The use cases that have this tier.")
    name: str = Field(min_length=1, description="What a verification asks for, for example standard.")
    always: list[AskedCheck] = Field(min_length=1, description="Required whatever the document.")
    by_document: dict[DocumentType, list[AskedCheck]] = Field(
        default={}, description="Required besides, by the type of the document."
    )
    cross_checks: CrossChecksPart | None = None


class SearchRate(Part):
    """False alarms of a search among ``gallery`` faces."""

    rate: float = Field(gt=0, lt=1)
    gallery: int = Field(gt=0)


def _exactly_one(*keys: str) -> dict[str, Any]:
    return {"oneOf": [{"required": [key]} for key in keys]}


class LimitPart(Part):
    """Either a ``limit``, a rule of the bank, or one error rate, which is looked up in the calibrations."""

    model_config = ConfigDict(json_schema_extra=_exactly_one("limit", *_RATES, "fpir"))

    limit: float | None = Field(
        default=None, allow_inf_nan=False, description="A number typed in, in the score's unit."
    )
    fmr: float | None = Field(default=None, gt=0, lt=1, description="False match rate.")
    bpcer: float | None = Field(default=None, gt=0, lt=1, description="Share of genuine presentations turned away.")
    bona_fide_rejection: float | None = Field(
        default=None, gt=0, lt=1, description="Share of genuine pictures asked for again."
    )
    fpir: SearchRate | None = None

    @property
    def rates(self) -> dict[str, float]:
        """The error rates named here."""
        searched = {} if self.fpir is None else {f"fpir_at_{self.fpir.gallery}": self.fpir.rate}
        return {kind: rate for kind in _RATES if (rate := getattr(self, kind)) is not None} | searched


class RaisingLimitPart(LimitPart):
    """A limit, and the reason raised where it is not met."""

    reason: Reason


class ScorePart(Part):
    """What a score means: clear where its limits are met."""

    check: AskedCheck
    score: str = Field(description="The score's name, as the report shows it.")
    calibrated_as: str | None = Field(default=None, description="The score whose calibration counts, if another.")
    direction: Direction
    unit: str
    consider: RaisingLimitPart | None = Field(default=None, description="The milder limit.")
    reject: RaisingLimitPart | None = Field(default=None, description="The graver limit.")


class ValuesPart(Part):
    """What a looked-up value means: listed values raise their reason, all others ``otherwise``."""

    check: AskedCheck
    value: str = Field(description="The value's name in the check's evidence.")
    listed: dict[str, Judgement]
    otherwise: Judgement


class SecondOpinionPart(Part):
    """A score just good enough wants a second score beside it."""

    check: AskedCheck
    score: str
    until: LimitPart = Field(description="From here on the score stands alone.")
    needs: str = Field(description="The score that is wanted beside it.")


class AtLeastPart(Part):
    """At least so many of these signals."""

    count: int = Field(ge=1)
    of: list[SignalPart] = Field(min_length=1)


class GroupPart(Part):
    """Exactly one of: all of these signals, any of them, at least so many of them."""

    model_config = ConfigDict(json_schema_extra=_exactly_one("all", "any", "at_least"))

    all: list[SignalPart] | None = Field(default=None, min_length=1)
    any: list[SignalPart] | None = Field(default=None, min_length=1)
    at_least: AtLeastPart | None = None


class CombinationPart(GroupPart):
    """Signals that mean little alone and something together. There is no "not": worse evidence never un-matches."""

    name: str = Field(pattern=r"^[a-z0-9_]{1,64}$", description="A short name, for reports and figures.")
    because: str = Field(min_length=1, max_length=400, description="The sentence staff read: why this matters.")
    action: Action


SignalPart = Annotated[
    Annotated[Leaf, Tag("signal")] | Annotated[GroupPart, Tag("group")],
    Discriminator(lambda value: "group" if isinstance(value, dict | GroupPart) else "signal"),
]


class PolicyDocument(Part):
    """A policy: the bank's rules, in one file."""

    name: str = Field(pattern=r"^[a-z0-9_-]{1,64}$")
    version: str = Field(pattern=r"^[\w.-]{1,64}$", description="In quotes; a changed policy needs a new one.")
    time_zone: Annotated[str, AfterValidator(_is_time_zone)] = Field(
        description="Whose calendar days count, by its IANA name."
    )
    max_attempts: int = Field(ge=1, le=100, description="From this attempt on, unusable captures are a review.")
    tiers: list[TierPart] = Field(min_length=1)
    scores: list[ScorePart]
    values: list[ValuesPart] = []
    second_opinions: list[SecondOpinionPart] = []
    actions: dict[Reason, Action] = Field(
        default={}, description="What each reason asks of the verdict; where none is given, what the catalogue says."
    )
    combinations: list[CombinationPart] = []


for _part in (AtLeastPart, GroupPart, CombinationPart, PolicyDocument):
    _part.model_rebuild()


def policy_schema() -> dict[str, Any]:
    """The JSON schema of policy files, for editors and other programs."""
    schema = PolicyDocument.model_json_schema()
    words = {name: dict(part.json_schema or {}) for name, part in _WORDS.items()}
    named = _with_references(schema, words)
    named["$defs"] = dict(sorted((named["$defs"] | words).items()))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **named}


def _with_references(schema: Any, words: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    """``schema`` with each list of words named once instead of written out everywhere."""
    if isinstance(schema, list):
        return [_with_references(item, words) for item in schema]
    if not isinstance(schema, dict):
        return schema
    for name, word in words.items():
        if schema.get("enum") == word["enum"]:
            return {"$ref": f"#/$defs/{name}"}
    return {key: _with_references(value, words) for key, value in schema.items()}


def policy_schema_text() -> str:
    """The schema as its file holds it: ``docs/policy.schema.json``."""
    return json.dumps(policy_schema(), indent=1, ensure_ascii=False) + "\n"
