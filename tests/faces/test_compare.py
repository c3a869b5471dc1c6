from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Score
from kyc_service.faces.align import AlignedFace, align
from kyc_service.faces.compare import match, second_opinion
from kyc_service.faces.detect import find_faces
from kyc_service.faces.embed import embed_faces
from kyc_service.inference.engines import Pixels
from kyc_service.inference.null_engines import null_face_engines
from tests.faces.people import NOWHERE, PEOPLE, blurred, detected, engines, exposed, person, resized, rolled


def face_on(pixels: Pixels) -> AlignedFace:
    return align(pixels, find_faces(pixels, engines().detector)[0], NOWHERE)


def variants(name: str) -> list[AlignedFace]:
    pixels = person(name)
    changed = [
        pixels,
        resized(pixels, 0.6),
        resized(pixels, 3),
        exposed(pixels, 0.5),
        blurred(pixels, 1.5),
        rolled(pixels, 12),
        np.ascontiguousarray(pixels[:, ::-1]),
        np.ascontiguousarray(np.rot90(pixels)),
    ]
    return [face_on(picture) for picture in changed]


def drawn(value: int) -> AlignedFace:
    return align(np.full((112, 112, 3), value, dtype=np.uint8), detected(), NOWHERE)


def similarity_of(a: AlignedFace, b: AlignedFace) -> float:
    (score,) = match(a, b, engines())
    assert isinstance(score, Score)
    return score.native


def test_templates_have_length_one_and_know_no_left_or_right() -> None:
    pixels = np.full((112, 112, 3), (90, 120, 150), dtype=np.uint8)
    pixels[:, :50] //= 4
    face, mirrored = (align(np.ascontiguousarray(side), detected(), NOWHERE) for side in (pixels, pixels[:, ::-1]))
    one, other = embed_faces((face, mirrored), null_face_engines())
    assert float(np.linalg.norm(one)) == pytest.approx(1)
    np.testing.assert_allclose(one, other, atol=0.01)


def test_a_match_says_what_it_was_seen_on_and_by_what() -> None:
    (score,) = match(drawn(50), drawn(50), null_face_engines())
    assert isinstance(score, Score)
    assert (score.check, score.name, score.model_id) == (CheckName.FACE_MATCH, "cosine_similarity", "null_embedder")
    assert score.captures == {CaptureKind.DOCUMENT_FRONT, CaptureKind.SELFIE}
    assert (score.native, score.mapped) == (pytest.approx(1), pytest.approx(100))


def test_a_second_opinion_is_a_distance() -> None:
    score = second_opinion(drawn(50), drawn(200), null_face_engines())
    assert (score.check, score.name, score.native, score.mapped) == (CheckName.FACE_MATCH, "dlib_distance", 0, 100)


@pytest.mark.models
def test_every_mated_comparison_outscores_every_non_mated_one() -> None:
    first, second = (variants(name) for name in PEOPLE)
    mated = [similarity_of(faces[0], other) for faces in (first, second) for other in faces[1:]]
    non_mated = [similarity_of(a, b) for a in first[:4] for b in second[:4]]
    assert min(mated) > max(non_mated) + 0.2


@pytest.mark.models
def test_the_second_model_finds_strangers_farther_apart() -> None:
    first, second = (variants(name)[:4] for name in PEOPLE)
    mated = [second_opinion(faces[0], other, engines()).native for faces in (first, second) for other in faces[1:]]
    non_mated = [second_opinion(first[0], other, engines()).native for other in second]
    assert max(mated) < min(non_mated)


@pytest.mark.models
def test_threads_that_share_the_engines_get_the_same_answers() -> None:
    first, second = variants(PEOPLE[0])[0], variants(PEOPLE[1])[0]
    alone = similarity_of(first, second)
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda _: similarity_of(first, second), range(12)))
    assert together == [alone] * 12
