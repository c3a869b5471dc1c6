from __future__ import annotations

import json
from importlib.resources import files

from fixtures.sandbox import APPLICANTS, table
from kyc_service.domain.outcome import Verdict
from kyc_service.sandbox.samples import FILE, load_samples

SAMPLES = load_samples()


def test_the_table_is_the_one_that_the_drawn_applicants_give() -> None:
    shipped = files("kyc_service.sandbox").joinpath(FILE).read_text("utf-8")
    assert json.loads(shipped) == table(APPLICANTS)


def test_each_applicant_that_can_be_uploaded_is_known_by_a_file_of_its_own() -> None:
    folders = {path.name for path in APPLICANTS.iterdir() if path.is_dir()}
    assert {sample.name for sample in SAMPLES.values()} == folders - {"not_an_image"}


def test_every_verdict_has_a_sample() -> None:
    assert {sample.verdict for sample in SAMPLES.values()} == set(Verdict)


def test_clip_and_challenge_come_together() -> None:
    assert all((sample.clip is None) == (sample.challenge is None) for sample in SAMPLES.values())
    assert any(sample.clip for sample in SAMPLES.values())
