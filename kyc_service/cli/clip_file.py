"""A liveness clip and its challenge, from files."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kyc_service.cli.paths import FileUnusable, read
from kyc_service.domain.captures import CaptureKind

if TYPE_CHECKING:
    from kyc_service.verification.submission import Submission

_PICTURES: Final = frozenset({".jpg", ".jpeg", ".png", ".webp"})
_TIMES: Final = "times.json"


def with_answer(submission: Submission, clip: Path, challenge: Path) -> Submission:
    """``submission`` with the clip that answers the challenge; it came when its file was last written.

    Raises:
        FileUnusable: a file cannot be read.
        ChallengeInvalid: the challenge is none.
    """
    from kyc_service.verification.challenge_document import challenge_from_json
    from kyc_service.verification.submission import ChallengeAnswer

    data = _packed(clip) if clip.is_dir() else read(clip)
    received_at = min(submission.now, datetime.fromtimestamp(clip.stat().st_mtime, UTC))
    return replace(
        submission,
        captures={**submission.captures, CaptureKind.LIVENESS: data},
        answer=ChallengeAnswer(challenge_from_json(read(challenge)), received_at),
    )


def _packed(folder: Path) -> bytes:
    """The frames of a folder, in the order of their names, with the times that ``times.json`` lists."""
    import json

    from kyc_service.imaging.clip import pack_frames

    frames = sorted(path for path in folder.iterdir() if path.suffix.lower() in _PICTURES)
    try:
        times = json.loads(read(folder / _TIMES))
    except ValueError as error:
        raise FileUnusable(f"{folder / _TIMES} is no JSON list of milliseconds.") from error
    if not isinstance(times, list) or not all(type(time) is int for time in times):
        raise FileUnusable(f"{folder / _TIMES} is no JSON list of whole milliseconds.")
    return pack_frames([read(path) for path in frames], times)
