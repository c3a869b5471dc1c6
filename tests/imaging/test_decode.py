from __future__ import annotations

import hashlib
import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from kyc_service.imaging.decode import choose_reduction, decode
from kyc_service.imaging.picture import MediaType
from tests.imaging.drawn import DATA, QUADRANTS_BGR, corner_colours, is_close, png_by_hand, quadrants, saved, texture

TO_STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def _exif(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif.tobytes()


@pytest.mark.parametrize("file_type", ["JPEG", "PNG", "WEBP"])
def test_the_type_is_read_from_the_content(file_type: str) -> None:
    data = saved(quadrants(), file_type)
    picture = decode(data)
    assert picture.media_type is MediaType(f"image/{file_type.lower()}")
    assert (picture.width, picture.height, picture.scale) == (320, 240, 1.0)
    assert picture.sha256 == hashlib.sha256(data).hexdigest()
    assert is_close(corner_colours(picture.pixels), QUADRANTS_BGR)
    assert picture.pixels.dtype == np.uint8
    assert picture.pixels.flags.c_contiguous


@pytest.mark.parametrize("file_type", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_all_orientations_give_the_same_upright_picture(orientation: int, file_type: str) -> None:
    turn = TO_STORED[orientation]
    stored = quadrants() if turn is None else quadrants().transpose(turn)
    data = saved(stored, file_type, exif=_exif(orientation))
    assert ImageOps.exif_transpose(Image.open(io.BytesIO(data))).size == (320, 240)
    picture = decode(data)
    assert (picture.width, picture.height) == (320, 240)
    assert picture.metadata.orientation == orientation
    assert is_close(corner_colours(picture.pixels), QUADRANTS_BGR)


@pytest.mark.parametrize("orientation", [0, 9, 65_535])
def test_an_orientation_that_does_not_exist_is_ignored(orientation: int) -> None:
    picture = decode(saved(quadrants(), "JPEG", exif=_exif(orientation)))
    assert picture.metadata.orientation is None
    assert is_close(corner_colours(picture.pixels), QUADRANTS_BGR)


@pytest.mark.parametrize("name", ["drawn", "turned", "alpha", "ten_bit"])
def test_heic_is_decoded_and_turned_once(name: str) -> None:
    picture = decode((DATA / f"{name}.heic").read_bytes())
    expected = [*QUADRANTS_BGR[:3], (255, 255, 255)] if name == "alpha" else QUADRANTS_BGR
    assert picture.media_type is MediaType.HEIC
    assert (picture.width, picture.height) == (320, 240)
    assert is_close(corner_colours(picture.pixels), expected)


def test_heic_is_reduced_and_keeps_its_evidence() -> None:
    picture = decode((DATA / "turned.heic").read_bytes(), target_long_side_px=100)
    assert picture.pixels.shape == (120, 160, 3)
    assert picture.metadata.camera_make == "Drawn"


@pytest.mark.parametrize(
    ("target", "long_side"), [(None, 1600), (1601, 1600), (1600, 1600), (801, 1600), (800, 800), (300, 400), (1, 200)]
)
@pytest.mark.parametrize("file_type", ["JPEG", "PNG", "WEBP"])
def test_reduction_never_goes_below_the_target(file_type: str, target: int | None, long_side: int) -> None:
    picture = decode(saved(quadrants(1600, 1200), file_type), target_long_side_px=target)
    assert picture.pixels.shape == (long_side * 3 // 4, long_side, 3)
    assert (picture.width, picture.height) == (1600, 1200)
    assert picture.scale == long_side / 1600
    assert is_close(corner_colours(picture.pixels), QUADRANTS_BGR)


@pytest.mark.parametrize("mode", ["RGB", "CMYK", "L"])
@pytest.mark.parametrize("target", [1, 60, 130])
def test_odd_sides_round_up(mode: str, target: int) -> None:
    reduction = choose_reduction(259, target)
    picture = decode(saved(quadrants(259, 131).convert(mode), "JPEG"), target_long_side_px=target)
    assert picture.pixels.shape == (-(-131 // reduction), -(-259 // reduction), 3)


def test_cmyk_comes_out_in_its_colours() -> None:
    picture = decode(saved(quadrants().convert("CMYK"), "JPEG", quality=95))
    assert is_close(corner_colours(picture.pixels), QUADRANTS_BGR, tolerance=8)


@pytest.mark.parametrize("mode", ["L", "1", "I;16"])
def test_grey_becomes_three_equal_channels(mode: str) -> None:
    pixels = decode(saved(quadrants().convert("L").convert(mode), "PNG")).pixels
    assert (pixels[..., 0] == pixels[..., 1]).all()
    assert (pixels[..., 1] == pixels[..., 2]).all()


def test_sixteen_bit_grey_is_scaled_not_clipped() -> None:
    ramp = np.linspace(0, 65_535, 256).astype(np.uint16)
    data = saved(Image.fromarray(np.tile(ramp, (64, 1))), "PNG")
    assert np.abs(decode(data).pixels[10, :, 1].astype(int) - np.arange(256)).max() <= 1


def test_sixteen_bit_colour_is_scaled_not_clipped() -> None:
    values = np.zeros((32, 64, 3), dtype=">u2")
    values[:, :32] = (0x4000, 0x8000, 0xC000)
    rows = b"".join(b"\x00" + row.tobytes() for row in values)
    picture = decode(png_by_hand(64, 32, bits=16, rows=rows))
    assert picture.pixels[5, 5].tolist() == [0xC0, 0x80, 0x40]


@pytest.mark.parametrize(("file_type", "lossless"), [("PNG", True), ("WEBP", True), ("WEBP", False)])
def test_transparency_is_laid_on_white(file_type: str, lossless: bool) -> None:  # noqa: FBT001 - a parameter of the test
    image = quadrants().convert("RGBA")
    image.putalpha(Image.fromarray(np.repeat(np.array([255, 0], np.uint8), 120)[:, None].repeat(320, 1)))
    colours = corner_colours(decode(saved(image, file_type, lossless=lossless)).pixels)
    assert is_close(colours, [*QUADRANTS_BGR[:2], (255, 255, 255), (255, 255, 255)])


def test_palette_with_a_transparent_entry() -> None:
    image = quadrants().quantize(4)
    blue = image.getpixel((10, 200))
    colours = corner_colours(decode(saved(image, "PNG", transparency=blue)).pixels)
    assert is_close(colours, [*QUADRANTS_BGR[:2], (255, 255, 255), QUADRANTS_BGR[3]])


def test_progressive_jpeg() -> None:
    picture = decode(saved(quadrants(), "JPEG", progressive=True))
    assert is_close(corner_colours(picture.pixels), QUADRANTS_BGR)


def test_what_follows_a_jpeg_is_left_behind() -> None:
    data = saved(quadrants(), "JPEG")
    picture = decode(data + saved(texture(), "JPEG"))
    assert (picture.width, picture.height) == (320, 240)


def test_points_go_back_to_full_size_and_stay_inside() -> None:
    picture = decode(saved(quadrants(1600, 1200), "JPEG"), target_long_side_px=800)
    assert picture.to_full_size(np.array([(10.0, 20.0), (900.0, -4.0)])) == ((20.0, 40.0), (1600.0, 0.0))
