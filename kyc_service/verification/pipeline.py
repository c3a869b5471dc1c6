"""The pipeline: the only place that knows the order.

    document_front -> decode -> locate -+-> read ----------------------+
                                        |                              |
    selfie -> decode -> face -> passive +-> portrait -> match, reuse   +-> facts -> history, registers
    clip -> decode -> challenge -> passive -> template of the face     |      -> consistency, known faces
    document_back -> decode -> read -----------------------------------+      -> decision -> report

The document branch (reading is the longest part) and the face branch run at the same
time, one thread each; the face branch takes the portrait as soon as the document is
located. Whatever a stage cannot answer is said as such: a crash is ``not_assessed``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Final

from kyc_service import __version__
from kyc_service.authorities.panel import NO_PANEL, Panel
from kyc_service.decision.policy import Policy
from kyc_service.decision.report import CaptureRecord, Report, Traces
from kyc_service.decision.rules import consider_limit
from kyc_service.decision.verdict import Question, decide
from kyc_service.documents.engines import DocumentEngines
from kyc_service.documents.join import join
from kyc_service.documents.stage import DocumentStage
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.domain.facts import Facts
from kyc_service.domain.measurements import Measurement
from kyc_service.faces.compare import COSINE_SIMILARITY
from kyc_service.imaging.clip import DEFAULT_CLIP_LIMITS, ClipLimits
from kyc_service.imaging.limits import DEFAULT_LIMITS, DecodeLimits
from kyc_service.inference.engines import Embedding, FaceEngines
from kyc_service.liveness.engines import LivenessEngines
from kyc_service.places import PlaceBook
from kyc_service.storage.ids import new_id
from kyc_service.verification import known
from kyc_service.verification.checkpoints import fingerprint_of
from kyc_service.verification.comparing import Comparing, Looked, local_time
from kyc_service.verification.document_branch import DocumentBranch, Side
from kyc_service.verification.face_branch import FaceBranch, SelfieSeen
from kyc_service.verification.known_traces import TEMPLATE_TYPE
from kyc_service.verification.liveness_branch import ClipSeen, LivenessBranch
from kyc_service.verification.policies_in_use import PolicyProvider
from kyc_service.verification.shadow import ask_shadow
from kyc_service.verification.submission import Submission
from kyc_service.verification.trail import Trail

Progress = Callable[[str], None]

_SAME_PICTURE: Final = 1.0
"""What a policy without a rule for the match leaves: no two pictures are one person's."""
_FRONT: Final = frozenset({CaptureKind.DOCUMENT_FRONT})
_READ_CHECKS: Final = (CheckName.SUPPORTED_DOCUMENT, CheckName.CAPTURE_QUALITY)


@dataclass(frozen=True, slots=True)
class Engines:
    """Everything loaded once and shared by all runs. ``models`` are SHA-256 by manifest id."""

    documents: DocumentEngines
    faces: FaceEngines
    liveness: LivenessEngines
    places: PlaceBook
    models: Mapping[str, str]
    authorities: Panel = NO_PANEL


@dataclass(frozen=True, slots=True)
class _Seen:
    """Everything that one run saw."""

    records: tuple[CaptureRecord, ...]
    document: DocumentReading | None
    facts: Facts
    measurements: tuple[Measurement, ...]
    traces: Traces


class Pipeline:
    """Turns submissions into reports; safe for several threads.

    ``branches`` runs one branch of each run beside the caller's own thread: give it as
    many threads as runs may be at work at once.
    """

    def __init__(
        self,
        engines: Engines,
        policies: PolicyProvider,
        branches: Executor,
        limits: DecodeLimits = DEFAULT_LIMITS,
        clip_limits: ClipLimits = DEFAULT_CLIP_LIMITS,
    ) -> None:
        self._engines = engines
        self._policies = policies
        self._branches = branches
        self._limits = limits
        self._clip_limits = clip_limits

    def run(self, submission: Submission) -> Report:
        """The report of one attempt; ``document_front`` and ``selfie`` must be among its captures.

        Raises:
            ImageRefused: a capture is no usable picture file.
            UnknownTier: the policy has no such tier.
            PolicyUnavailable: the policy in use cannot be read.
            DatabaseUnreachable: the submission's checkpoints cannot be reached.
        """
        in_use = self._policies()
        policy = in_use.active
        with submission.checkpoints.opened(self._fingerprint(submission, policy)) as checkpoints:
            trail = Trail(submission.verification_id, checkpoints)
            seen = trail.timed("total", lambda: self._measure(submission, policy, trail))
        document, measurements = seen.document, seen.measurements
        document_type = None if document is None else document.document_type
        question = Question(submission.use_case, submission.tier, document_type, submission.attempt)
        return Report(
            id=new_id("rep"),
            verification_id=submission.verification_id,
            created_at=submission.now,
            service_version=__version__,
            question=question,
            decision=decide(measurements, policy, question),
            policy=policy,
            captures=seen.records,
            claims=submission.claims,
            document=document,
            facts=seen.facts,
            models=self._engines.models,
            timings_ms=trail.timings_ms,
            traces=seen.traces,
            shadow=ask_shadow(in_use.shadow, measurements, question, trail),
        )

    def _fingerprint(self, submission: Submission, policy: Policy) -> str:
        """Of everything that makes stages answer differently: kept answers count for runs of the same one only."""
        captures = {kind.value: hashlib.sha256(data).hexdigest() for kind, data in submission.captures.items()}
        return fingerprint_of(
            {
                "service": __version__,
                "models": dict(self._engines.models),
                "policy": policy.sha256,
                "limits": (self._limits, self._clip_limits),
                "captures": captures,
                "answer": submission.answer,
                "now": submission.now,
            }
        )

    def _measure(self, submission: Submission, policy: Policy, trail: Trail) -> _Seen:
        engines = self._engines
        documents = DocumentBranch(engines.documents, self._limits, local_time(submission.now, policy).date(), trail)
        faces = FaceBranch(engines.faces, engines.liveness.classifier, policy, self._limits, trail)
        liveness = LivenessBranch(engines.faces, engines.liveness, _same_face(policy), self._clip_limits, trail)
        reading = self._branches.submit(documents.front, submission.captures[CaptureKind.DOCUMENT_FRONT])
        try:
            selfie = faces.selfie(submission)
            clip = liveness.clip(submission, None if selfie.face is None else selfie.face.face)
            template = faces.template(selfie, clip)
            early = faces.portrait(documents.wait_for_location(reading))
            matched = faces.compare(early, selfie, template)
            back = self._read_back(submission, documents)
        finally:
            # The other branch writes to this run's trail: it is never left behind at work.
            reading.exception()
        sides = (reading.result(), *back)
        stage, failed = trail.attempt("join", lambda: _joined(sides), _READ_CHECKS, _FRONT)
        portrait = faces.bound(early, stage)
        if portrait is not early:
            matched = faces.compare(portrait, selfie, template)
        document = None if stage is None else stage.reading
        number = _number(document)
        records = (*(side.record for side in sides), selfie.record, *([] if clip.record is None else [clip.record]))
        comparing = Comparing(self._engines.places, self._engines.authorities, policy, trail)
        looked = Looked(document, template, _known_face(policy), records)
        facts, compared = comparing.measure(looked, submission)
        recognised = self._known(template, number, submission, _known_face(policy), trail)
        read = failed if stage is None else (*stage.measurements, *failed)
        faced = (*selfie.measurements, *clip.measurements, *portrait.measurements, *matched, *recognised)
        traces = self._traces(template, number, selfie, clip)
        return _Seen(records, document, facts, (*read, *faced, *compared), traces)

    def _known(
        self, template: Embedding | None, number: str | None, submission: Submission, known_from: float, trail: Trail
    ) -> tuple[Measurement, ...]:
        memory, model_id = submission.memory, self._engines.faces.embedder.model_id
        _, found = trail.attempt(
            "face.known",
            lambda: (None, known.look_for(template, number, memory, model_id)),
            (CheckName.KNOWN_FACES,),
            frozenset({CaptureKind.SELFIE}),
        )
        _, waiting = trail.attempt(
            "liveness.pause",
            lambda: (None, known.paused(template, number, memory, known_from)),
            (CheckName.LIVENESS_CHALLENGE,),
            frozenset(),
        )
        return (*found, *waiting)

    def _traces(self, template: Embedding | None, number: str | None, selfie: SelfieSeen, clip: ClipSeen) -> Traces:
        looks = {CaptureKind.SELFIE: selfie.look} | ({} if clip.look is None else {CaptureKind.LIVENESS: clip.look})
        face = None if template is None else template.astype(TEMPLATE_TYPE).tobytes()
        return Traces(face, self._engines.faces.embedder.model_id, number, looks)

    def _read_back(self, submission: Submission, documents: DocumentBranch) -> tuple[Side, ...]:
        data = submission.captures.get(CaptureKind.DOCUMENT_BACK)
        return () if data is None else (documents.back(data),)


def _same_face(policy: Policy) -> float:
    """What two pictures of one person must reach: where the policy lets a match stand."""
    limit = consider_limit(policy, CheckName.FACE_MATCH, COSINE_SIMILARITY)
    return _SAME_PICTURE if limit is None else limit


def _known_face(policy: Policy) -> float:
    """From where a face counts as one that was seen before."""
    limit = consider_limit(policy, CheckName.KNOWN_FACES, known.NEAREST_ELSEWHERE)
    return _same_face(policy) if limit is None else limit


def _joined(sides: tuple[Side, ...]) -> tuple[DocumentStage | None, tuple[Measurement, ...]]:
    """The document as its sides give it together; a side whose stage crashed answers for itself."""
    failed = tuple(m for side in sides if side.stage is None for m in side.failures)
    stages = [side.stage for side in sides if side.stage is not None]
    if sides[0].stage is None:
        # Without its front a document has no portrait that could be compared.
        return None, (*failed, *(m for stage in stages for m in stage.measurements))
    return join(stages), failed


def _number(document: DocumentReading | None) -> str | None:
    """The number by which the person of the document is known; what is only claimed proves no identity."""
    if document is None:
        return None
    printed = document.field(FieldName.DOCUMENT_NUMBER)
    return document.id_number or (None if printed is None else printed.text)
