"""What counts as an action, as depth, as the same face: limits measured on rendered clips, kept in a file.

They were set by hand on the train split of ``python -m benchmarks.challenge``, which prints
each limit beside the values it separates; ``models/liveness/challenge.json`` says so too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path

from kyc_service.errors import Unavailable

FILE = Path("liveness") / "challenge.json"
"""Under the models folder."""


class ChallengeLimitsUnusable(Unavailable):
    """The limits of the liveness challenge cannot be read."""

    code = "challenge_limits_unusable"


@dataclass(frozen=True, slots=True)
class ChallengeLimits:
    """Limits of the challenge; degrees and ratios are against the person's own rest.

    ``turn_deg``, ``tilt_deg``: how far a head must turn aside, up or down. ``mouth_gap``:
    rise of the mouth's openness. ``closer``: ratio of the face's size. ``lids_closed``,
    ``lids_open``: share of the openness at rest below which the eyes are closing, above
    which they are open again. ``parallax``: least relief of a turn aside, ``tilt_parallax`` of one up or down;
    ``parallax_share``, ``tilt_parallax_share``: the same as a share of the turn's sine;
    ``parallax_errors``: in standard errors.
    ``flat_parallax``: relief below which a well followed turn is that of a flat picture.
    ``liveliness``: least change of the face's own shape in a clip. ``repeat_levels``: mean
    difference (0..255) of two pictures below which they are the same one.
    ``jump_widths``: how far a face moves between two frames at most, in its widths, and
    ``jump_size`` how much it grows. ``same_at_rest``, ``same_turned``, ``same_next``:
    least similarity within one clip, of faces at rest, of a turned face with one at rest,
    and of two frames in a row. ``same_selfie``: least similarity of the clip's best frame
    with a selfie of the same attempt; below ``sure_selfie`` the second model must find them
    within ``selfie_distance``. ``second_face_ratio``: area of another face beside the
    main one. ``flash_correlation``, ``flash_gain``: how well and how strongly the face's
    colour follows the screen's.
    """

    turn_deg: float
    tilt_deg: float
    mouth_gap: float
    closer: float
    lids_closed: float
    lids_open: float
    parallax: float
    tilt_parallax: float
    parallax_share: float
    tilt_parallax_share: float
    parallax_errors: float
    flat_parallax: float
    liveliness: float
    repeat_levels: float
    jump_widths: float
    jump_size: float
    same_at_rest: float
    same_turned: float
    same_next: float
    same_selfie: float
    sure_selfie: float
    selfie_distance: float
    second_face_ratio: float
    flash_correlation: float
    flash_gain: float


def read_limits(models: Path) -> ChallengeLimits:
    """The limits under the models folder.

    Raises:
        ChallengeLimitsUnusable: The file is missing, or says more or less than is needed.
    """
    try:
        stored = json.loads((models / FILE).read_text("utf-8"))["limits"]
        if stored.keys() != {field.name for field in fields(ChallengeLimits)}:
            raise ChallengeLimitsUnusable(f"{FILE} names other limits than the service knows.")
        return ChallengeLimits(**{name: float(value) for name, value in stored.items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ChallengeLimitsUnusable(f"{FILE} cannot be used: {type(error).__name__}.") from error
