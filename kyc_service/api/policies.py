"""/v1/policies: versions read, drafts kept, texts tried out. Which one decides is for named staff, never for a key."""

from __future__ import annotations

import re
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from kyc_service.api.caller import Client
from kyc_service.api.paging import KEY_ONLY, Limit
from kyc_service.api.problems import BODY, COMMON, documented
from kyc_service.api.state import Service
from kyc_service.api.uploads import MediaTypeUnsupported, RequestUnreadable
from kyc_service.domain.outcome import Verdict
from kyc_service.policies.desk import (
    MOST_SIMULATED,
    PolicyDesk,
    PolicyInList,
    SandboxMayNotDraft,
    keep_draft,
    list_versions,
    read_version,
    try_out,
)
from kyc_service.policies.load import PolicyInvalid
from kyc_service.policies.simulation import simulation_to_json
from kyc_service.storage.policies import PolicyVersionNotFound, PolicyVersionTaken
from kyc_service.verification.capacity import AtCapacity
from kyc_service.verification.policies_in_use import PolicyUnavailable

router: Final = APIRouter(prefix="/v1/policies", tags=["policies"])

_NAME: Final = re.compile(r"[a-z0-9_-]{1,64}")
_VERSION: Final = re.compile(r"[\w.-]{1,64}")
_YAML: Final = frozenset({"application/yaml", "application/x-yaml", "text/yaml", "text/plain"})
_TEXT: Final = {"type": "string", "description": "The policy as YAML, up to 64 KB."}
_DRAFT_BODY: Final = {
    "requestBody": {"required": True, "content": {media_type: {"schema": _TEXT} for media_type in sorted(_YAML)}}
}


def _whole_letters(text: str) -> str:
    """Refuse half of a letter (a lone surrogate), which JSON can carry and no file can."""
    try:
        text.encode()
    except UnicodeEncodeError as cause:
        raise ValueError("holds half of a letter") from cause
    return text


class PolicyVersionSummary(BaseModel):
    """One version of a policy. It never changes; what it is used for does."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    version: str
    sha256: str = Field(description="of the text's UTF-8 bytes")
    author: str
    created_at: datetime
    is_active: bool = Field(description="whether it decides now")
    is_shadow: bool = Field(description="whether it only says beside what it would have decided")


class PolicyVersionDetail(PolicyVersionSummary):
    """One version with its text."""

    text: str = Field(description="the policy as it was written, YAML")


class PolicyPage(BaseModel):
    """A page of versions, newest first; where none is active, the installation's own file decides."""

    items: list[PolicyVersionSummary]
    has_more: bool


class SimulatePolicy(BaseModel):
    """A policy's text, and on how many of your newest verifications it is to be tried."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    policy: Annotated[str, AfterValidator(_whole_letters)] = Field(
        description="the policy as YAML; it need not be a draft"
    )
    limit: int = Field(default=100, ge=1, le=MOST_SIMULATED)


class SimulatedPolicy(BaseModel):
    """The policy that was tried; ``sha256`` is of its text and of the calibrations it was resolved in."""

    name: str
    version: str
    sha256: str


class MovedVerification(BaseModel):
    """A verification that would have got another verdict, and the codes of the reasons that made it so."""

    id: str
    old: Verdict
    new: Verdict
    appeared: list[str]
    vanished: list[str]


class UnreadReport(BaseModel):
    """A report that could not be decided again, and why."""

    id: str
    cause: str


class SimulationResult(BaseModel):
    """What the policy would have decided. Codes and counts only: nothing about a person."""

    new: SimulatedPolicy
    reports: int = Field(description="how many were decided again")
    changed: int = Field(description="how many would have got another verdict")
    matrix: dict[Verdict, dict[Verdict, int]] = Field(description="by the verdict that stands, then by the new one")
    appeared: dict[str, int] = Field(description="reasons that would newly have led to a verdict, how often")
    vanished: dict[str, int] = Field(description="reasons that would no longer have, how often")
    otherwise: list[MovedVerification]
    refused: list[UnreadReport]


def _desk(request: Request) -> PolicyDesk:
    desk: PolicyDesk = request.app.state.policies
    return desk


async def _yaml(request: Request) -> str:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in _YAML:
        raise MediaTypeUnsupported("Send the policy as application/yaml.")
    try:
        return (await request.body()).decode()
    except UnicodeDecodeError as cause:
        raise RequestUnreadable from cause


Desk = Annotated[PolicyDesk, Depends(_desk)]


@router.get("", responses=documented(*COMMON, *KEY_ONLY, PolicyVersionNotFound))
def list_newest(
    service: Service,
    caller: Client,
    limit: Limit = 20,
    starting_after: Annotated[
        str | None, Query(max_length=129, description="NAME@VERSION of the last one of the page before.")
    ] = None,
) -> PolicyPage:
    """List the versions of all policies, newest first, with which one decides."""
    del caller  # versions are the whole service's
    after = None if starting_after is None else _known(*starting_after.partition("@")[::2])
    found, has_more = list_versions(service.database, limit=limit, starting_after=after)
    return PolicyPage(items=[PolicyVersionSummary(**_fields(one)) for one in found], has_more=has_more)


@router.get("/{name}/{version}", responses=documented(*COMMON, *KEY_ONLY, PolicyVersionNotFound))
def read(
    service: Service, caller: Client, name: Annotated[str, Path()], version: Annotated[str, Path()]
) -> PolicyVersionDetail:
    """Read one version with its text."""
    del caller  # versions are the whole service's
    found = read_version(service.database, *_known(name, version))
    return PolicyVersionDetail(**_fields(found), text=found.version.text)


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    openapi_extra=_DRAFT_BODY,
    responses={
        HTTPStatus.OK.value: {"model": PolicyVersionDetail, "description": "The same text was kept before."},
        **documented(
            *COMMON,
            *BODY,
            *KEY_ONLY,
            MediaTypeUnsupported,
            SandboxMayNotDraft,
            PolicyInvalid,
            PolicyVersionTaken,
            PolicyUnavailable,
        ),
    },
)
def draft(
    service: Service, caller: Client, desk: Desk, text: Annotated[str, Depends(_yaml)], response: Response
) -> PolicyVersionDetail:
    """Keep a policy as the version that its text names. It decides nothing until named staff activate it.

    Every mistake is answered with its line. Sent twice, the same text is kept once: no Idempotency-Key is needed.
    """
    kept, is_new = keep_draft(service.database, desk, text, caller, service.now())
    if not is_new:
        response.status_code = HTTPStatus.OK
    return PolicyVersionDetail(**_fields(kept), text=kept.version.text)


@router.post("/simulate", responses=documented(*COMMON, *BODY, *KEY_ONLY, PolicyInvalid, PolicyUnavailable, AtCapacity))
def simulate(service: Service, caller: Client, desk: Desk, body: SimulatePolicy) -> SimulationResult:
    """Try a policy on your newest verifications: what it would have decided otherwise. Nothing changes.

    More than 200 at once, and reproducing what was decided, are for `kyc policy simulate`.
    """
    with service.uploads.place():
        found = try_out(service.database, desk, service.master_key, body.policy, caller, limit=body.limit)
    figures = simulation_to_json(found)
    return SimulationResult(**{name: figures[name] for name in SimulationResult.model_fields})


def _known(name: str, version: str) -> tuple[str, str]:
    """Refuse what cannot name a version before it reaches the database."""
    if not (_NAME.fullmatch(name) and _VERSION.fullmatch(version)):
        raise PolicyVersionNotFound
    return name, version


def _fields(found: PolicyInList) -> dict[str, Any]:
    kept = found.version
    return {
        "name": kept.name,
        "version": kept.version,
        "sha256": kept.sha256,
        "author": kept.author,
        "created_at": kept.created_at,
        "is_active": found.is_active,
        "is_shadow": found.is_shadow,
    }
