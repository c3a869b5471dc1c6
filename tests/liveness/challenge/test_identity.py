"""Nothing is concluded from a face that is not the one that moved."""

from __future__ import annotations

import numpy as np
import pytest

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.measurements import Region
from kyc_service.faces.align import AlignedFace, align
from kyc_service.faces.detect import find_faces
from kyc_service.liveness.challenge.continuity import changes
from kyc_service.liveness.challenge.identity import sameness
from kyc_service.liveness.challenge.observe import follow
from tests.faces.people import engines, person
from tests.liveness.challenge.signals import LIMITS
from tests.liveness.challenge.takes import honest, look

pytestmark = pytest.mark.models


def _stranger() -> AlignedFace:
    picture = person("collins")
    return align(picture, find_faces(picture, engines().detector)[0], Region(CaptureKind.LIVENESS, (), "face"))


def test_a_strangers_face_among_the_sampled_ones_is_seen() -> None:
    clip = honest().clip
    seen = follow(clip, range(len(clip.frames)), engines()).seen
    own = [one.face for one in look(honest()).faces]
    apart = changes(clip, seen).tolist()
    alone = sameness(clip, seen, apart, None, own, engines())
    joined = sameness(clip, seen, apart, None, [*own, _stranger()], engines())
    assert alone.sampled > LIMITS.same_next > joined.sampled + 0.2
    assert joined.at_rest == pytest.approx(alone.at_rest)


def test_one_great_change_does_not_hide_another() -> None:
    """The picture is darkened once, which changes it most; the pair that differs in person is compared all the same."""
    clip = honest().clip
    seen = follow(clip, range(len(clip.frames)), engines()).seen
    apart = changes(clip, seen)
    cut = int(np.argsort(apart)[-3])
    forged = apart.copy()
    forged[[0, 1]] = 9.0
    found = sameness(clip, seen, forged.tolist(), None, [], engines())
    assert found.in_a_row <= sameness(clip, seen[cut : cut + 2], [apart[cut]], None, [], engines()).in_a_row + 1e-6
