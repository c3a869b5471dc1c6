"""The bare pipeline: each line on stdin runs one sample applicant, and the milliseconds it took are printed."""

from __future__ import annotations

import os
import sys
import time

from benchmarks.service.applying import Applicant
from kyc_service.bootstrap import loaded_pipeline
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.verification import UseCase
from kyc_service.sandbox.fixed import sandboxed
from kyc_service.sandbox.samples import load_samples
from kyc_service.settings import Settings
from kyc_service.storage.ids import new_id
from kyc_service.verification.submission import Submission

# As workers do it, so that both take turns with the rest of the machine alike.
os.nice(5)
applicant = Applicant.read(sys.argv[1])
sample = next(one for one in load_samples().values() if one.name == applicant.name)
captures = {CaptureKind(kind): data for kind, data in applicant.stills.items()}
if applicant.clip is not None:
    captures[CaptureKind.LIVENESS] = applicant.clip
with loaded_pipeline(Settings(_env_file=None)) as pipeline:
    for _ in sys.stdin:
        given = Submission(new_id("ver"), captures, sample.claims, UseCase.ONBOARDING, "standard", 1, sample.now)
        submission = sandboxed(given, {sample.document_front: sample})
        started = time.perf_counter()
        pipeline.run(submission)
        sys.stdout.write(f"{1000 * (time.perf_counter() - started)}\n")
        sys.stdout.flush()
