from __future__ import annotations

import struct
from datetime import datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from kyc_service.imaging.decode import decode
from kyc_service.imaging.metadata import MAX_TEXT, NO_METADATA, GpsClaim, read_metadata
from tests.imaging.drawn import quadrants, saved


def _tiff(
    main: dict[int, Any] | None = None, exif: dict[int, Any] | None = None, gps: dict[int, Any] | None = None
) -> bytes:
    block = Image.Exif()
    block.update(main or {})
    block.get_ifd(0x8769).update(exif or {})
    block.get_ifd(0x8825).update(gps or {})
    return block.tobytes().removeprefix(b"Exif\x00\x00")


def _gps(latitude: tuple[Any, ...], longitude: tuple[Any, ...], north: str = "N", east: str = "E") -> GpsClaim | None:
    return read_metadata(_tiff(gps={1: north, 2: latitude, 3: east, 4: longitude})).gps


def test_a_camera_s_claims_are_kept() -> None:
    data = _tiff(
        main={0x010F: "Drawn", 0x0110: "Model 1", 0x0112: 6, 0x0131: "editor 2.0", 0x0132: "2020:01:01 00:00:00"},
        exif={0x9003: "2026:03:04 05:06:07", 0xA002: 4000, 0xA003: 3000},
    )
    found = read_metadata(data)
    assert (found.camera_make, found.camera_model, found.software) == ("Drawn", "Model 1", "editor 2.0")
    assert found.captured_at == datetime(2026, 3, 4, 5, 6, 7)  # noqa: DTZ001 - EXIF times have no zone
    assert (found.orientation, found.claimed_width, found.claimed_height) == (6, 4000, 3000)
    assert found.gps is None


@pytest.mark.parametrize("file_type", ["JPEG", "PNG", "WEBP"])
def test_claims_are_found_in_every_container(file_type: str) -> None:
    block = Image.Exif()
    block[0x010F] = "Drawn"
    assert decode(saved(quadrants(), file_type, exif=block.tobytes())).metadata.camera_make == "Drawn"


def test_a_plausible_position() -> None:
    assert _gps((39.0, 54.0, 30.0), (116.0, 23.0, 15.0)) == GpsClaim(39.9083333, 116.3875, is_plausible=True)
    south_west = _gps((33.0, 30.0, 0.0), (70.0, 36.0, 0.0), "S", "W")
    assert south_west == GpsClaim(-33.5, -70.6, is_plausible=True)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [((999.0, 0.0, 0.0), (10.0, 0.0, 0.0)), ((10.0, 0.0, 0.0), (181.0, 0.0, 0.0)), ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0))],
)
def test_an_absurd_position_is_marked(latitude: tuple[float, ...], longitude: tuple[float, ...]) -> None:
    found = _gps(latitude, longitude)
    assert found is not None
    assert not found.is_plausible


def test_an_absurd_position_does_not_spoil_the_picture() -> None:
    block = Image.Exif()
    block.get_ifd(0x8825).update({1: "N", 2: (4e9, 4e9, 4e9), 3: "E", 4: (4e9, 1.0, 1.0)})
    picture = decode(saved(quadrants(), "JPEG", exif=block.tobytes()))
    assert picture.metadata.gps is not None
    assert not picture.metadata.gps.is_plausible


def test_a_division_by_zero_is_no_position() -> None:
    zero = IFDRational(1, 0)
    assert _gps((zero, zero, zero), (zero, zero, zero)) is None


def test_a_partial_division_by_zero_is_no_position() -> None:
    """Skipping the broken part would read minutes as degrees."""
    assert _gps((IFDRational(39, 0), Fraction(54), Fraction(30)), (Fraction(116), Fraction(23), Fraction(15))) is None


def test_texts_are_bounded_and_printable() -> None:
    found = read_metadata(_tiff(main={0x010F: "x" * 5000, 0x0110: "a\x07b\nc"}))
    assert found.camera_make == "x" * MAX_TEXT
    assert found.camera_model == "abc"


@pytest.mark.parametrize("value", ["2026:13:45 99:99:99", "yesterday", "0000:00:00 00:00:00", ""])
def test_a_time_that_is_none(value: str) -> None:
    assert read_metadata(_tiff(exif={0x9003: value})).captured_at is None


def test_a_directory_that_points_at_itself_or_far_away() -> None:
    for start in (0, 7, 8, 2**32 - 1):
        data = b"II*\x00\x08\x00\x00\x00" + struct.pack("<HHHLL", 1, 0x8769, 4, 1, start)
        assert read_metadata(data).captured_at is None


def test_a_text_that_lies_outside_the_block() -> None:
    data = b"MM\x00*\x00\x00\x00\x08" + struct.pack(">HHHLL", 1, 0x010F, 2, 500, 2**31)
    assert read_metadata(data) == NO_METADATA


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_garbage_never_raises(body: bytes) -> None:
    for head in (b"", b"II*\x00\x08\x00\x00\x00", b"MM\x00*\x00\x00\x00\x08\x00\x20"):
        read_metadata(head + body)


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=12))
@settings(max_examples=200, deadline=None)
def test_mutated_blocks_never_raise(edits: list[tuple[float, int]]) -> None:
    data = bytearray(
        _tiff(main={0x010F: "Drawn", 0x0112: 6}, gps={1: "N", 2: (1.0, 2.0, 3.0), 3: "E", 4: (1.0, 2.0, 3.0)})
    )
    for where, value in edits:
        data[int(where * (len(data) - 1))] = value
    found = read_metadata(bytes(data))
    assert found.orientation is None or 1 <= found.orientation <= 8
