"""Everything hostile is refused with a reason of its own, before or instead of decoding it."""

from __future__ import annotations

import struct
import subprocess
import sys
import tracemalloc
import zlib
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from kyc_service.errors import InvalidInput, Unavailable
from kyc_service.imaging import heic
from kyc_service.imaging.decode import decode
from kyc_service.imaging.limits import DecodeLimits
from kyc_service.imaging.raster import DecoderMemoryExhausted, refuse_what_decoders_raise
from kyc_service.imaging.refusals import ImageRefused
from tests.imaging.drawn import DATA, png_by_hand, png_chunk, quadrants, saved, texture

JPEG: Final = saved(texture(), "JPEG")
PNG: Final = saved(texture(), "PNG")
WEBP: Final = saved(texture(), "WEBP")
HEIC: Final = (DATA / "drawn.heic").read_bytes()
FRAMES: Final = [quadrants(64, 64), texture(64, 64)]
GIGAPIXEL: Final = png_by_hand(40_000, 40_000)


def _code(data: bytes, limits: DecodeLimits | None = None) -> str:
    with pytest.raises(ImageRefused) as caught:
        decode(data, limits or DecodeLimits())
    assert isinstance(caught.value, InvalidInput)
    return caught.value.code


def _webp(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"".join(kind + struct.pack("<I", len(inner)) + inner + bytes(len(inner) % 2) for kind, inner in chunks)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def _webp_promising(width: int, height: int) -> bytes:
    return _webp((b"VP8X", bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")))


def _jpeg_promising(width: int, height: int) -> bytes:
    at = JPEG.index(b"\xff\xc0") + 5
    return JPEG[:at] + struct.pack(">HH", height, width) + JPEG[at + 4 :]


def _heic_promising(width: int, height: int) -> bytes:
    at = HEIC.index(b"ispe") + 8
    return HEIC[:at] + struct.pack(">II", width, height) + HEIC[at + 8 :]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "image_empty"),
        (b"This is a selfie, trust me.\n", "image_type_unsupported"),
        (b"\x00" * 1000, "image_type_unsupported"),
        (np.random.default_rng(1).bytes(500_000), "image_type_unsupported"),
        (saved(texture(), "GIF"), "image_type_unsupported"),
        (saved(texture(), "BMP"), "image_type_unsupported"),
        (saved(texture(), "AVIF"), "image_type_unsupported"),
        (b"%PDF-1.7\n" + JPEG, "image_type_unsupported"),
        (saved(texture(16, 16), "JPEG"), "image_too_small"),
        (png_by_hand(0, 0), "image_too_small"),
        (saved(FRAMES[0], "WEBP", save_all=True, append_images=FRAMES[1:]), "image_animated"),
        (saved(FRAMES[0], "PNG", save_all=True, append_images=FRAMES[1:]), "image_animated"),
        ((DATA / "two.heic").read_bytes(), "image_animated"),
        (HEIC.replace(b"ftypheic", b"ftyphevc"), "image_animated"),
        (HEIC.replace(b"heic", b"mif1"), "image_type_unsupported"),
        (HEIC.replace(b"heic", b"hevc").replace(b"ftyphevc", b"ftypmif1"), "image_type_unsupported"),
        (JPEG.replace(b"\xff\xc0", b"\xff\xc9"), "image_type_unsupported"),
        (JPEG.replace(b"\xff\xc0\x00\x11\x08", b"\xff\xc1\x00\x11\x0c"), "image_type_unsupported"),
        (JPEG[:2] + b"\xff\xd9", "image_corrupt"),
        (JPEG[:2] + b"\xff\xe0\x00\x00" + JPEG[2:], "image_corrupt"),
        (JPEG[:2] + b"\xff\xe0\x00\x02junk" + JPEG[2:], "image_corrupt"),
        (JPEG[:2] + b"\xff\xe0\x00\x02" * 3000 + JPEG[2:], "image_too_complex"),
        (PNG[:8] + PNG[33:], "image_corrupt"),
        (PNG[:33] + PNG[8:], "image_corrupt"),
        (png_by_hand(64, 64, rows=b"\x00" * 100), "image_truncated"),
        (png_by_hand(64, 64, bits=3), "image_corrupt"),
        (png_by_hand(64, 64, colour=3, rows=bytes(65 * 64)), "image_corrupt"),
        (PNG[:33] + png_chunk(b"teSt", b"") * 20_000 + PNG[33:], "image_too_complex"),
        (b"RIFF\x0c\x00\x00\x00WEBPVP8 \x00\x00\x00\x00", "image_corrupt"),
        (b"RIFF\x04\x00\x00\x00WEBP", "image_corrupt"),
        ((DATA / "bad_item_type.heic").read_bytes(), "image_corrupt"),
        (HEIC + b"\x00\x00\x00\x04free", "image_corrupt"),
        (HEIC + b"\x00\x00\x00\x01free" + (2**40).to_bytes(8, "big"), "image_truncated"),
        (HEIC + b"\x00\x00\x00\x08free" * 1000, "image_corrupt"),
        (JPEG[:2] + JPEG[JPEG.index(b"\xff\xc0") : JPEG.index(b"\xff\xc0") + 19] + JPEG[2:], "image_corrupt"),
        (JPEG[:2] + b"\xff\xc0\x00\x04\x08\x00" + JPEG[2:], "image_corrupt"),
        (JPEG[: JPEG.index(b"\xff\xda")] + b"\xff\xd9", "image_corrupt"),
        (PNG[:8] + png_chunk(b"IHDR", bytes(4)) + PNG[33:], "image_corrupt"),
        (_webp(*[(b"ICCP", b"")] * 1_001), "image_too_complex"),
        (_webp((b"VP8 ", bytes(20))), "image_corrupt"),
        (_webp((b"VP8L", b"\x2f" + (99 | 99 << 14).to_bytes(4, "little"))), "image_corrupt"),
        (_webp((b"VP8X", bytes(10)))[:-4] + b"\xff\xff\xff\xff", "image_too_many_pixels"),
    ],
)
def test_each_refusal_has_its_code(data: bytes, code: str) -> None:
    assert _code(data) == code


@pytest.mark.parametrize(
    "data",
    [
        GIGAPIXEL,
        png_by_hand(2**31 - 1, 2**31 - 1),
        png_by_hand(60_000, 32),
        _jpeg_promising(65_500, 65_500),
        _webp_promising(2**24, 2**24),
        _heic_promising(30_000, 30_000),
        _heic_promising(2**32 - 1, 2**32 - 1),
    ],
)
def test_a_promise_of_too_many_pixels_is_refused(data: bytes) -> None:
    assert _code(data) == "image_too_many_pixels"


def test_bytes_are_counted_first() -> None:
    assert _code(GIGAPIXEL, DecodeLimits(max_bytes=10)) == "image_too_large"


def test_messages_hold_nothing_of_the_file() -> None:
    with pytest.raises(ImageRefused) as caught:
        decode(b"Zhang San 11010119900307")
    assert "Zhang" not in caught.value.message
    assert "JPEG, PNG, WebP nor HEIC" in caught.value.message


@pytest.mark.parametrize("data", [JPEG, saved(texture(), "JPEG", progressive=True), PNG, WEBP])
def test_a_file_cut_anywhere_is_refused(data: bytes) -> None:
    step = max(1, len(data) // 150)
    after_scan_header = data.find(b"\xff\xda") + 2
    for length in (*range(12, len(data) - 1, step), *range(max(12, after_scan_header), after_scan_header + 20)):
        assert _code(data[:length]) in {"image_truncated", "image_corrupt"}
    assert _code(data[:-2]) == "image_truncated"


@pytest.mark.parametrize("share", [0.3, 0.9, 0.999])
def test_a_heic_cut_anywhere_is_refused(share: float) -> None:
    assert _code(HEIC[: int(len(HEIC) * share)]) == "image_truncated"


def test_more_scans_than_a_camera_writes() -> None:
    progressive = saved(texture(), "JPEG", progressive=True)
    assert progressive.count(b"\xff\xda") > 2
    assert _code(progressive, DecodeLimits(max_scans=2)) == "image_too_complex"


def test_compressed_texts_and_profiles_are_never_inflated() -> None:
    bomb = zlib.compress(b"\x00" * 80_000_000, 9)
    chunks = (png_chunk(b"iCCP", b"p\x00\x00" + bomb), png_chunk(b"zTXt", b"t\x00\x00" + bomb))
    rows = (b"\x00" + b"\x40\x80\xc0" * 64) * 64
    tracemalloc.start()
    assert decode(png_by_hand(64, 64, *chunks, rows=rows)).pixels[0, 0].tolist() == [0xC0, 0x80, 0x40]
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_a_gigapixel_header_costs_no_memory() -> None:
    """The whole process counts, native decoders included: its peak may not rise by the 4.8 GB promised."""
    script = (
        "import resource, sys\n"
        "from kyc_service.imaging.decode import decode\n"
        "from kyc_service.imaging.refusals import ImageTooManyPixels\n"
        "data = sys.stdin.buffer.read()\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try:\n    decode(data)\nexcept ImageTooManyPixels:\n"
        "    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", script], input=GIGAPIXEL, capture_output=True, check=True, timeout=60, cwd=root
    )
    assert int(done.stdout) < 8_000  # KiB


def test_a_heic_child_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heic, "CHILD_WALL_S", 0.001)
    assert _code(HEIC) == "image_too_complex"


def test_a_heic_larger_inside_than_promised_is_refused() -> None:
    assert _code(_heic_promising(64, 48)) == "image_corrupt"


def _refused_or_decoded(data: bytes) -> None:
    refused: ImageRefused | None = None
    try:
        assert decode(data).pixels.shape[2] == 3
    except ImageRefused as refusal:
        refused = refusal
    assert refused is None or (type(refused) is not ImageRefused and refused.code != ImageRefused.code)


@given(st.binary(max_size=300), st.sampled_from([b"", b"\xff\xd8\xff", PNG[:33], WEBP[:30]]))
@settings(max_examples=300, deadline=None)
def test_arbitrary_bytes_are_refused_by_a_leaf(tail: bytes, head: bytes) -> None:
    _refused_or_decoded(head + tail)


SEEDS: Final = [JPEG, PNG, WEBP, *(saved(texture().convert(m), "PNG") for m in ("P", "LA", "1", "RGBA"))]
SEEDS.append(saved(texture().convert("CMYK"), "JPEG"))
SEEDS.append(saved(texture(), "WEBP", lossless=True, exif=Image.Exif().tobytes()))


@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=4)), min_size=1, max_size=6))
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_mutated_files_are_decoded_or_refused_by_a_leaf(seed: bytes, edits: list[tuple[float, bytes]]) -> None:
    data = bytearray(seed)
    for where, value in edits:
        at = int(where * (len(data) - 1))
        data[at : at + max(1, len(value))] = value
    _refused_or_decoded(bytes(data))


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=6))
@settings(max_examples=12, deadline=None)
def test_mutated_heic_never_takes_the_process_down(edits: list[tuple[float, int]]) -> None:
    data = bytearray(HEIC)
    for where, value in edits:
        data[int(where * (len(data) - 1))] = value
    _refused_or_decoded(bytes(data))


def test_no_memory_is_the_service_s_fault_not_the_file_s() -> None:
    with pytest.raises(DecoderMemoryExhausted) as caught, refuse_what_decoders_raise():
        raise MemoryError
    assert isinstance(caught.value, Unavailable)
