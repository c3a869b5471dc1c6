"""Fixed outcomes: a sample applicant is decided by the real pipeline, in the sample's own world.

The time, the claims and the challenge are the sample's; nothing is remembered and no outside
register is asked. So the outcome is the same on every day and however often it is asked for.
Whatever else a sandbox client sends is decided as for anybody.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from kyc_service.domain.captures import CaptureKind
from kyc_service.sandbox.samples import Sample, Samples, Sha256
from kyc_service.verification.submission import ChallengeAnswer, Submission


def sandboxed(submission: Submission, samples: Samples) -> Submission:
    """What is decided in place of a sandbox client's ``submission``: that of a sample applicant, or itself.

    An applicant is known by the front of the document, and by the clip where there is one: a clip of somebody's own
    before a sample's card is nobody's sample.
    """
    sample = _sample_of(submission, samples)
    if sample is None:
        return submission
    possession = submission.possession
    return replace(
        submission,
        now=sample.now,
        claims=sample.claims,
        answer=_answer(submission, sample),
        memory=None,
        possession=None if possession is None else replace(possession, confirmed_at=sample.now),
        asks_registers=False,
    )


def _sample_of(submission: Submission, samples: Samples) -> Sample | None:
    sample = samples.get(_sha256(submission.captures[CaptureKind.DOCUMENT_FRONT]))
    clip = submission.captures.get(CaptureKind.LIVENESS)
    if sample is None or (clip is not None and _sha256(clip) != sample.clip):
        return None
    return sample


def _answer(submission: Submission, sample: Sample) -> ChallengeAnswer | None:
    if sample.challenge is None or CaptureKind.LIVENESS not in submission.captures:
        return None
    return ChallengeAnswer(sample.challenge, sample.now)


def _sha256(data: bytes) -> Sha256:
    return Sha256(hashlib.sha256(data).hexdigest())
