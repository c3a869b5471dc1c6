"""An onboarding app that applies for sample applicants: every request is tried again until it is answered."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from benchmarks.service.processes import ROOT

APPLICANTS = ROOT / "fixtures" / "applicants"
STILLS = ("document_front", "document_back", "selfie")
CONSENT = {"text_version": "2026-01", "locale": "zh-CN", "purposes": ["verification", "enrolment"]}
_AGAIN = frozenset({429, 500, 502, 503, 504})
_PATIENCE_S = 300.0
_LONGEST_PAUSE_S = 2.0


class Refused(Exception):
    """An answer that trying again does not mend."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """A sample applicant's files; ``clip`` answers the challenge where there is one."""

    name: str
    claims: bytes
    stills: Mapping[str, bytes]
    clip: bytes | None

    @classmethod
    def read(cls, name: str, folder: Path = APPLICANTS) -> Applicant:
        """The one in a folder of this name."""
        own = folder / name
        stills = {kind: (own / f"{kind}.jpg").read_bytes() for kind in STILLS if (own / f"{kind}.jpg").exists()}
        clip = own / "liveness.zip"
        return cls(name, (own / "claims.json").read_bytes(), stills, clip.read_bytes() if clip.exists() else None)


@dataclass(slots=True)
class App:
    """Talks to any of ``urls`` with ``key``; counts what came in the way, by status or error."""

    urls: Sequence[str]
    key: str
    http: httpx.AsyncClient
    chance: random.Random
    obstacles: dict[str, int] = field(default_factory=dict)

    async def prepare(self, applicant: Applicant) -> str:
        """Create a verification and upload everything; its id."""
        created = await self.ask("POST", "/v1/verifications", json={"use_case": "onboarding", "tier": "standard"})
        path = f"/v1/verifications/{created['id']}"
        await self.ask("PUT", f"{path}/claims", content=applicant.claims, headers={"Content-Type": "application/json"})
        await self.ask("PUT", f"{path}/consent", json=CONSENT)
        for kind, data in applicant.stills.items():
            jpeg = {"Content-Type": "image/jpeg"}
            await self.ask("PUT", f"{path}/captures/{kind}", content=data, headers=jpeg)
        if applicant.clip is not None:
            await self.ask("POST", f"{path}/challenge", json={})
            # A clip whose answer was lost on the way is told that the challenge was answered: by itself.
            files = {"clip": ("clip.zip", applicant.clip, "application/zip")}
            await self.ask("PUT", f"{path}/captures/liveness", files=files, settled=("challenge_answered",))
        return str(created["id"])

    async def submit(self, verification_id: str) -> None:
        """Hand it over."""
        await self.ask("POST", f"/v1/verifications/{verification_id}/submit")

    async def ask(
        self,
        method: str,
        path: str,
        *,
        settled: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
        **sent: Any,
    ) -> Any:
        """The answer to one request, asked again with the same Idempotency-Key while there is none.

        Raises:
            Refused: the answer is one that trying again does not mend.
            TimeoutError: there was no answer for minutes.
        """
        own = {"Authorization": f"Bearer {self.key}", **(headers or {})}
        if method == "POST":
            own["Idempotency-Key"] = str(uuid.uuid4())
        pause_s = 0.1
        async with asyncio.timeout(_PATIENCE_S):
            while True:
                answer = await self._once(method, path, own, sent)
                if answer is not None and answer.is_success:
                    return answer.json()
                if answer is not None and answer.json().get("code") in settled:
                    return None
                self._count(answer)
                if answer is not None and not _is_passing(answer):
                    raise Refused(f"{method} {path}: {answer.status_code} {answer.text}")
                await asyncio.sleep(pause_s * (1 + self.chance.random()))
                pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)

    async def _once(
        self, method: str, path: str, headers: Mapping[str, str], sent: Mapping[str, Any]
    ) -> httpx.Response | None:
        try:
            return await self.http.request(method, self.chance.choice(self.urls) + path, headers=headers, **sent)
        except httpx.TransportError as error:
            self.obstacles[type(error).__name__] = self.obstacles.get(type(error).__name__, 0) + 1
            return None

    def _count(self, answer: httpx.Response | None) -> None:
        if answer is not None:
            said = f"{answer.status_code} {answer.json().get('code')}"
            self.obstacles[said] = self.obstacles.get(said, 0) + 1


def _is_passing(answer: httpx.Response) -> bool:
    """Whether the same request may be answered otherwise in a moment: also where its first try is still at work."""
    return answer.status_code in _AGAIN or answer.json().get("code") == "idempotency_key_in_use"
