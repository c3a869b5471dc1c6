"""The sample applicants a sandbox knows: by which file they are known, when and in answer to what they are decided.

``samples.json`` lies beside this module and is derived from the drawn applicants by
``python -m fixtures.sandbox``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.resources import files
from typing import Any, Final, NewType

from kyc_service.domain.challenge import Challenge
from kyc_service.domain.claims import Claims
from kyc_service.domain.outcome import Verdict
from kyc_service.domain.reasons import Reason
from kyc_service.verification.challenge_document import challenge_from_json
from kyc_service.verification.claims_document import claims_from_json

FILE: Final = "samples.json"

Sha256 = NewType("Sha256", str)


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample applicant; the files are known by their SHA-256, in lower-case hexadecimal.

    ``now`` is the time (UTC-aware) at which the dates have meaning. ``clip`` and ``challenge`` come together, or not
    at all. ``verdict`` and ``reasons`` are what the default policy makes of all the applicant's files.
    """

    name: str
    document_front: Sha256
    now: datetime
    claims: Claims
    clip: Sha256 | None
    challenge: Challenge | None
    verdict: Verdict
    reasons: frozenset[Reason]


Samples = Mapping[Sha256, Sample]
"""Sample applicants by the SHA-256 of their document's front."""


def load_samples() -> Samples:
    """The sample applicants of this version of the service."""
    return samples_of(json.loads(files(__package__).joinpath(FILE).read_bytes()))


def samples_of(content: Mapping[str, Any]) -> Samples:
    """The samples that ``content`` describes, in the form of ``samples.json``."""
    now = datetime.fromisoformat(content["now"])
    return _by_front(_sample(entry, now) for entry in content["applicants"])


def _by_front(samples: Iterable[Sample]) -> Samples:
    return {sample.document_front: sample for sample in samples}


def _sample(entry: Mapping[str, Any], now: datetime) -> Sample:
    challenge = entry.get("challenge")
    return Sample(
        name=entry["name"],
        document_front=Sha256(entry["document_front"]),
        now=now,
        claims=replace(claims_from_json(json.dumps(entry["claims"]).encode()), received_at=now),
        clip=Sha256(entry["liveness"]) if "liveness" in entry else None,
        challenge=None if challenge is None else challenge_from_json(json.dumps(challenge).encode()),
        verdict=Verdict(entry["verdict"]),
        reasons=frozenset(Reason(code) for code in entry["reasons"]),
    )
