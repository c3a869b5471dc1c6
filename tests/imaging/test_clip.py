"""Clips: what is accepted, what is refused, and that times and pixels survive."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.imaging.clip import (
    ClipLimits,
    ClipMediaType,
    ClipTooLong,
    decode_clip,
    pack_frames,
)
from kyc_service.imaging.refusals import (
    ImageCorrupt,
    ImageEmpty,
    ImageRefused,
    ImageTooComplex,
    ImageTooLarge,
    ImageTypeUnsupported,
)


def _jpeg(value: int, size: tuple[int, int] = (120, 160)) -> bytes:
    return cv2.imencode(".jpg", np.full((*size, 3), value, dtype=np.uint8))[1].tobytes()


def _video(folder: Path, suffix: str, code: str, *, fps: int = 15, frames: int = 12) -> bytes:
    path = folder / f"clip.{suffix}"
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*code), fps, (160, 120))
    for number in range(frames):
        writer.write(np.full((120, 160, 3), 10 * number % 250, dtype=np.uint8))
    writer.release()
    return path.read_bytes()


def test_frames_keep_their_order_and_their_times() -> None:
    file = decode_clip(pack_frames([_jpeg(10), _jpeg(90), _jpeg(200)], [1000, 1040, 1100]))
    assert file.media_type is ClipMediaType.FRAMES
    assert (file.width, file.height) == (160, 120)
    assert [frame.at_ms for frame in file.clip.frames] == [0, 40, 100]
    assert [round(float(frame.pixels.mean())) for frame in file.clip.frames] == [10, 90, 200]
    assert file.clip.length_ms == 100


@pytest.mark.parametrize(("suffix", "code"), [("mp4", "mp4v"), ("webm", "VP80"), ("webm", "VP90")])
def test_a_video_becomes_frames_with_times(tmp_path: Path, suffix: str, code: str) -> None:
    file = decode_clip(_video(tmp_path, suffix, code))
    times = [frame.at_ms for frame in file.clip.frames]
    assert len(times) == 12
    assert times == pytest.approx([round(number * 1000 / 15) for number in range(12)], abs=2)
    assert float(file.clip.frames[-1].pixels.mean()) > float(file.clip.frames[0].pixels.mean()) + 80


def test_a_fast_video_is_thinned_out(tmp_path: Path) -> None:
    times = [frame.at_ms for frame in decode_clip(_video(tmp_path, "mp4", "mp4v", fps=60, frames=30)).clip.frames]
    assert len(times) == 15
    assert min(np.diff(times)) >= 28


def test_large_frames_are_reduced() -> None:
    file = decode_clip(pack_frames([_jpeg(50, (960, 1280))], [0]))
    assert file.clip.frames[0].pixels.shape == (480, 640, 3)
    assert (file.width, file.height) == (1280, 960)


def test_a_cut_off_video_is_refused_or_shorter(tmp_path: Path) -> None:
    whole = _video(tmp_path, "webm", "VP80", frames=30)
    try:
        shown = len(decode_clip(whole[: len(whole) // 2]).clip.frames)
    except ImageRefused:
        shown = 0
    assert shown < 30


def test_what_is_no_clip_is_refused() -> None:
    for data, refusal in (
        (b"", ImageEmpty),
        (b"GIF89a" + bytes(50), ImageTypeUnsupported),
        (b"\x1a\x45\xdf\xa3" + bytes(500), ImageCorrupt),
        (bytes(4) + b"ftypisom" + bytes(500), ImageCorrupt),
        (b"PK\x03\x04" + bytes(500), ImageCorrupt),
    ):
        with pytest.raises(refusal):
            decode_clip(data)


def test_limits_are_kept(tmp_path: Path) -> None:
    frames = pack_frames([_jpeg(10)] * 4, [0, 10, 20, 5000])
    with pytest.raises(ClipTooLong):
        decode_clip(frames, ClipLimits(max_frames=3))
    with pytest.raises(ClipTooLong):
        decode_clip(frames, ClipLimits(max_length_ms=4999))
    with pytest.raises(ImageTooLarge):
        decode_clip(frames, ClipLimits(max_bytes=100))
    video = _video(tmp_path, "mp4", "mp4v", frames=20)
    with pytest.raises(ClipTooLong):
        decode_clip(video, ClipLimits(max_frames=10))
    with pytest.raises(ClipTooLong):
        decode_clip(video, ClipLimits(max_length_ms=500))


def test_frames_of_two_sizes_are_refused() -> None:
    with pytest.raises(ImageCorrupt, match="size"):
        decode_clip(pack_frames([_jpeg(1), _jpeg(1, (80, 80))], [0, 40]))


def test_each_frame_needs_a_time() -> None:
    with pytest.raises(ImageCorrupt, match="2 frames came with 1 times"):
        pack_frames([_jpeg(1), _jpeg(2)], [0])
    with pytest.raises(ImageEmpty):
        pack_frames([], [])


def _archive(times: object, names: tuple[str, ...] = ("0000.jpg",), method: int = zipfile.ZIP_STORED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        archive.writestr("times.json", json.dumps(times))
        for name in names:
            archive.writestr(name, _jpeg(5))
    return packed.getvalue()


@pytest.mark.parametrize("times", [{}, [0.5], ["0"], [True], [], [2**60], [0, 1], None])
def test_times_must_be_whole_milliseconds(times: object) -> None:
    with pytest.raises(ImageRefused):
        decode_clip(_archive(times))


def test_nothing_is_inflated() -> None:
    with pytest.raises(ImageCorrupt, match="without compression"):
        decode_clip(_archive([0], method=zipfile.ZIP_DEFLATED))


def _listed(names: tuple[str, ...], size: int, stored: int | None = None) -> bytes:
    """An archive whose list promises ``names`` of ``size`` bytes each; the bytes themselves are not there."""
    stored = size if stored is None else stored
    times = json.dumps(list(range(len(names)))).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("times.json"), times)
    whole = packed.getvalue()
    start = struct.unpack("<L", whole[-6:-2])[0]
    entries = whole[start:-22] + b"".join(
        struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 0, 0, 33, 0, stored, size, len(name), 0, 0, 0, 0, 0, 0)
        + name.encode()
        for name in names
    )
    count = len(names) + 1
    return whole[:start] + entries + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(entries), start, 0)


@pytest.mark.parametrize(
    ("data", "refusal", "words"),
    [
        (_listed(("0000.jpg", "0000.jpg"), 100), ImageCorrupt, "each once"),
        (_listed(("0000.jpg", "times.json"), 100), ImageCorrupt, "each once"),
        (_listed(("0000.jpg", "0002.jpg"), 100), ImageCorrupt, "each once"),
        (_listed(("0000.jpg", "0000.png"), 100), ImageCorrupt, "each once"),
        (_listed(("../0000.jpg",), 100), ImageCorrupt, "each once"),
        (_listed(("0000.jpg",), 4_000_001), ImageTooLarge, "4000000 bytes"),
        (_listed(("0000.jpg",), 100, stored=99), ImageCorrupt, "two sizes"),
        (_listed(tuple(f"{n:04d}.jpg" for n in range(20)), 3_000_000), ImageTooLarge, "together"),
        (_listed(tuple(f"{n:04d}.jpg" for n in range(401)), 100), ClipTooLong, "401 frames"),
        (_listed(("0" * 60_000, "1" * 60_000), 100), ImageCorrupt, "longer than its frames need"),
        (_archive([0])[:-2] + b"\x01\x00c", ImageCorrupt, "comment"),
        (_archive([0] * 30_000), ImageTooLarge, "65536 bytes"),
    ],
)
def test_an_archive_is_judged_by_its_list_before_a_frame_is_read(
    data: bytes, refusal: type[ImageRefused], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[object] = []
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda _, name: read.append(name))
    with pytest.raises(refusal, match=words):
        decode_clip(data)
    assert read == []


def test_times_nested_without_end_are_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("times.json", "[" * 60_000)
        archive.writestr("0000.jpg", _jpeg(5))
    with pytest.raises(ImageCorrupt):
        decode_clip(packed.getvalue())


def test_frames_that_are_left_out_count_too(tmp_path: Path) -> None:
    video = _video(tmp_path, "mp4", "mp4v", fps=1000, frames=60)
    assert len(decode_clip(video, ClipLimits(max_frames=15)).clip.frames) == 3
    with pytest.raises(ClipTooLong, match="more than 56 frames"):
        decode_clip(video, ClipLimits(max_frames=14))


def test_frames_that_are_left_out_have_a_time_too(tmp_path: Path) -> None:
    video = _video(tmp_path, "mp4", "mp4v", fps=1000, frames=20)
    with pytest.raises(ClipTooLong, match="lasts 11 ms"):
        decode_clip(video, ClipLimits(max_length_ms=10))


def test_a_video_that_takes_too_long_to_decode_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImageTooComplex, match="seconds"):
        decode_clip(_video(tmp_path, "mp4", "mp4v"), ClipLimits(max_decode_s=0))


@pytest.mark.parametrize(("suffix", "code"), [("mkv", "MJPG"), ("mp4", "MJPG"), ("mkv", "FFV1"), ("mkv", "mp4v")])
def test_a_video_of_another_codec_is_refused(tmp_path: Path, suffix: str, code: str) -> None:
    with pytest.raises(ImageTypeUnsupported, match="VP8"):
        decode_clip(_video(tmp_path, suffix, code))


def test_no_frame_is_held_larger_than_the_video_says(tmp_path: Path) -> None:
    video = _video(tmp_path, "webm", "VP80", frames=30)
    key = b"\x9d\x01\x2a" + struct.pack("<2H", 160, 120)
    mark = video.rindex(key)
    assert mark > video.index(key)
    file = decode_clip(video[: mark + 3] + struct.pack("<2H", 320, 240) + video[mark + 7 :])
    assert {frame.pixels.shape for frame in file.clip.frames} == {(120, 160, 3)}


@given(st.binary(max_size=300), st.sampled_from([b"PK\x03\x04", b"\x1a\x45\xdf\xa3", b"\x00\x00\x00\x18ftypmp42"]))
def test_random_bytes_behind_a_right_beginning_are_refused(tail: bytes, head: bytes) -> None:
    with pytest.raises(ImageRefused):
        decode_clip(head + tail)
