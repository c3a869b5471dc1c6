"""Type faces by role, out of installed packages; another face sets the character that the first one lacks.

Which face a document is set in depends on the split, so that a reader tuned on `train` meets other type in `test`.
"""

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from fontTools.ttLib import TTCollection, TTFont  # type: ignore[import-untyped]
from PIL import ImageFont

from specimens.attack_protocol import Split


@dataclass(frozen=True, slots=True)
class FaceFile:
    """Where a face is: package, file inside it, index inside the file."""

    package: str
    file: str
    index: int = 0


FILES: dict[str, FaceFile] = {
    "hei": FaceFile("noto_cjk_sans_otc", "NotoSansCJK-Regular.ttc", 2),
    "hei_sc": FaceFile("pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf"),
    "song": FaceFile("pylopdf_fonts_zh_cn", "NotoSerifSC-Regular.otf"),
    "micro_hei": FaceFile("paperang_p2_fonts_cjk", "fonts/wqy-microhei.ttc"),
    "sans": FaceFile("matplotlib", "mpl-data/fonts/ttf/DejaVuSans.ttf"),
    "sans_bold": FaceFile("matplotlib", "mpl-data/fonts/ttf/DejaVuSans-Bold.ttf"),
    "serif": FaceFile("matplotlib", "mpl-data/fonts/ttf/DejaVuSerif.ttf"),
    "serif_bold": FaceFile("matplotlib", "mpl-data/fonts/ttf/DejaVuSerif-Bold.ttf"),
    "times": FaceFile("matplotlib", "mpl-data/fonts/ttf/STIXGeneral.ttf"),
    "times_bold": FaceFile("matplotlib", "mpl-data/fonts/ttf/STIXGeneralBol.ttf"),
    "ocr_b": FaceFile("glyphive", "assets/fonts/ocr_b/OCR-B.ttf"),
    "plex_mono": FaceFile("fontpkg_ibm_plex_mono", "files/IBMPlexMono-Medium.ttf"),
    "mono": FaceFile("matplotlib", "mpl-data/fonts/ttf/DejaVuSansMono.ttf"),
}
"""Licences: SIL OFL 1.1 (Noto, OCR-B, IBM Plex), Apache 2.0 (WenQuanYi Micro Hei), Bitstream Vera (DejaVu), STIX licence."""

CHINESE: dict[Split, tuple[str, ...]] = {
    Split.TRAIN: ("hei", "hei", "song"),
    Split.TEST: ("micro_hei", "micro_hei", "hei_sc"),
}
LATIN: dict[Split, tuple[tuple[str, str], ...]] = {
    Split.TRAIN: (("sans", "sans_bold"), ("times", "times_bold")),
    Split.TEST: (("serif", "serif_bold"), ("micro_hei", "sans_bold")),
}
"""Regular and bold face of Latin text."""
FIXED_PITCH: dict[Split, tuple[str, ...]] = {
    Split.TRAIN: ("ocr_b", "ocr_b", "mono"),
    Split.TEST: ("ocr_b", "ocr_b", "plex_mono"),
}
"""OCR-B is what real documents use, so both splits have it; the other face differs."""
LAST_RESORT = "hei"


@lru_cache(maxsize=512)
def font(face: str, size_px: int) -> ImageFont.FreeTypeFont:
    """The face at an em size in pixels."""
    where = FILES[face]
    return ImageFont.truetype(str(resources.files(where.package).joinpath(where.file)), size_px, index=where.index)


def face_with(character: str, face: str) -> str:
    """The face, or the last resort where it has no such character."""
    return face if character.isascii() or ord(character) in characters(face) else LAST_RESORT


def has_type(text: str, face: str = LAST_RESORT) -> bool:
    """Whether all of the text can be set."""
    return all(character.isspace() or ord(character) in characters(face) for character in text)


@lru_cache(maxsize=len(FILES))
def characters(face: str) -> frozenset[int]:
    """Code points the face has."""
    where = FILES[face]
    path = str(resources.files(where.package).joinpath(where.file))
    if path.endswith(".ttc"):
        with TTCollection(path, lazy=True) as collection:
            return frozenset(collection.fonts[where.index].getBestCmap())
    with TTFont(path, lazy=True) as single:
        return frozenset(single.getBestCmap())
