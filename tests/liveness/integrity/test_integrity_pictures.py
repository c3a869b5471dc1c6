from __future__ import annotations

import io
from datetime import UTC, datetime

import cv2
import numpy as np
import pytest
from PIL import Image

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Finding
from kyc_service.domain.reasons import Reason
from kyc_service.imaging.decode import decode
from kyc_service.imaging.picture import Pixels
from kyc_service.liveness.integrity import EarlierCaptures, fingerprint, of_picture
from kyc_service.liveness.integrity.file_traces import editor_among, thumbnail_likeness
from tests.faces.people import person

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MAKE, MODEL, SOFTWARE, EXIF, TAKEN, WIDTH, HEIGHT = 0x010F, 0x0110, 0x0131, 0x8769, 0x9003, 0xA002, 0xA003


def jpeg(pixels: Pixels, main: dict[int, str] | None = None, sub: dict[int, str | int] | None = None) -> bytes:
    exif = Image.Exif()
    for tag, text in (main or {}).items():
        exif[tag] = text
    if sub:
        exif[EXIF] = sub
    stream = io.BytesIO()
    rgb = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB))
    Image.fromarray(rgb).save(stream, "JPEG", quality=90, exif=exif)
    return stream.getvalue()


def looked(data: bytes, earlier: EarlierCaptures | None = None) -> Finding:
    return of_picture(data, decode(data), NOW, earlier or EarlierCaptures())


def test_a_picture_as_a_phone_writes_it_raises_nothing() -> None:
    height, width = person("collins").shape[:2]
    data = jpeg(
        person("collins"),
        {MAKE: "HUAWEI", MODEL: "NOH-AN00", SOFTWARE: "NOH-AN00 4.0.0.116"},
        {TAKEN: "2026:11:23 19:59:30", WIDTH: width, HEIGHT: height},
    )
    found = looked(data)
    assert (found.check, found.reasons, found.captures) == (
        CheckName.CAPTURE_INTEGRITY,
        (),
        frozenset({CaptureKind.SELFIE}),
    )
    assert found.evidence.values["names_camera"] is True
    assert found.evidence.values["jpeg_quality"] == 90
    assert found.evidence.values["is_standard_table"] is True


def test_missing_metadata_is_evidence_and_no_reason() -> None:
    found = looked(jpeg(person("hopper")))
    assert found.reasons == ()
    assert found.evidence.values["names_camera"] is False
    assert found.evidence.values["capture_age_h"] is None


def test_the_same_file_and_a_saved_copy_are_known_again() -> None:
    data = jpeg(person("collins"))
    picture = decode(data)
    again = looked(data, EarlierCaptures(frozenset({picture.sha256}), (fingerprint(picture.pixels),)))
    assert again.reasons == (Reason.CAPTURE_SEEN_BEFORE,)
    copy = looked(jpeg(person("collins"), {MAKE: "x"}), EarlierCaptures(fingerprints=(fingerprint(picture.pixels),)))
    assert copy.reasons == (Reason.CAPTURE_NEARLY_SEEN_BEFORE,)
    other = looked(jpeg(person("hopper")), EarlierCaptures(fingerprints=(fingerprint(picture.pixels),)))
    assert other.reasons == ()


@pytest.mark.parametrize(
    ("taken", "contradictions"),
    [
        ("2026:11:25 12:00:00", ["taken_in_future"]),
        ("2026:11:24 12:00:00", []),
        ("2026:11:17 12:00:00", []),
        ("2026:11:01 12:00:00", ["taken_long_before"]),
        ("no time at all", []),
    ],
)
def test_times_that_cannot_be_contradict(taken: str, contradictions: list[str]) -> None:
    found = looked(jpeg(person("collins"), sub={TAKEN: taken}))
    assert found.evidence.values["contradictions"] == contradictions
    assert found.reasons == ((Reason.CAPTURE_METADATA_CONTRADICTS,) if contradictions else ())


@pytest.mark.parametrize(
    ("share", "reasons", "is_resized"),
    [((1, 1), (), False), ((2, 2), (), True), ((2, 1), (Reason.CAPTURE_METADATA_CONTRADICTS,), False)],
)
def test_a_cropped_picture_contradicts_its_size_and_a_scaled_one_does_not(
    share: tuple[int, int], reasons: tuple[Reason, ...], *, is_resized: bool
) -> None:
    height, width = person("collins").shape[:2]
    found = looked(jpeg(person("collins"), sub={WIDTH: width * share[0], HEIGHT: height * share[1]}))
    assert (found.reasons, found.evidence.values["is_resized"]) == (reasons, is_resized)


def test_an_editor_gives_itself_away() -> None:
    assert looked(jpeg(person("hopper"), {SOFTWARE: "Adobe Photoshop 25.1"})).reasons == (Reason.CAPTURE_EDITED,)
    assert editor_among(("MediaTek Camera Application", "iOS 19.1", "美图秀秀")) == "美图"


def test_a_thumbnail_of_another_picture_is_told() -> None:
    small = cv2.resize(person("collins"), (160, 100), interpolation=cv2.INTER_AREA)
    barred = np.zeros((120, 160, 3), dtype=np.uint8)
    barred[10:110] = small
    assert thumbnail_likeness(barred, person("collins")) > 0.9
    assert thumbnail_likeness(barred, person("hopper")) < 0.5


def with_thumbnail(pixels: Pixels, thumbnail: Pixels) -> bytes:
    """A JPEG whose EXIF block ends in ``thumbnail``, as cameras write it."""
    _, small = cv2.imencode(".jpg", thumbnail)
    tiff = b"MM\x00*\x00\x00\x00\x08" + b"\x00\x00" + b"\x00\x00\x00\x00" + small.tobytes()
    block = b"Exif\x00\x00" + tiff
    data = cv2.imencode(".jpg", pixels)[1].tobytes()
    return data[:2] + b"\xff\xe1" + (len(block) + 2).to_bytes(2) + block + data[2:]


def test_the_thumbnail_in_the_file_is_compared_with_the_picture() -> None:
    small = np.asarray(cv2.resize(person("collins"), (120, 120), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    own = looked(with_thumbnail(person("collins"), small)).evidence.values["thumbnail_likeness"]
    assert isinstance(own, float)
    assert own > 0.9
    swapped = looked(with_thumbnail(person("collins"), np.ascontiguousarray(255 - small)))
    assert swapped.reasons == (Reason.CAPTURE_EDITED,)


def test_garbage_after_the_marker_never_raises() -> None:
    data = jpeg(person("hopper"))
    picture = decode(data)
    generator = np.random.default_rng(5)
    for _ in range(60):
        broken = np.frombuffer(data, dtype=np.uint8).copy()
        broken[generator.integers(2, 700, 12)] = generator.integers(0, 256, 12)
        assert isinstance(of_picture(broken.tobytes(), picture, NOW), Finding)
