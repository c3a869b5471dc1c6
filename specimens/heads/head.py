"""A person's head: who they are, and how the face looks at one moment."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import cv2
import numpy as np

from specimens.heads.parts import ByteImage, Floats, Parts, parts
from specimens.heads.raster import Surface

PIVOT: Final = np.array([0.0, 6.55, 0.25], np.float32)
"""Where the neck turns, decimetres."""
EYES: Final = (np.array([-0.3078, 7.284, 1.24], np.float32), np.array([0.3078, 7.284, 1.24], np.float32))
SKIN_PX: Final = 2048
SHIRTS: Final = ((60, 60, 70), (140, 90, 60), (70, 70, 150), (180, 180, 185), (90, 120, 80), (50, 50, 50))
COLLAR: Final = 5.75
"""Height below which the shirt begins."""


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person: everything follows from ``seed`` and the split it is drawn for."""

    seed: int
    split: str = "train"


@dataclass(frozen=True, slots=True)
class Pose:
    """One moment. Degrees: ``yaw`` positive to the picture's right, ``pitch`` positive up, ``roll`` clockwise in the picture.

    ``blink`` and ``mouth`` 0..1; ``nearer`` is the distance's divisor; ``x``, ``y`` shifts in decimetres.
    """

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    blink: float = 0.0
    mouth: float = 0.0
    smile: float = 0.0
    nearer: float = 1.0
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """A person's shape and looks, ready to be posed."""

    vertices: Floats
    skin: Surface
    proxies: tuple[tuple[str, Surface], ...]


@lru_cache(maxsize=16)
def head_of(person: Person) -> Head:
    """Draw ``person``: ethnicity, age and sex, features of the face, skin, eyes, brows, hair, shirt."""
    made = parts()
    rng = np.random.default_rng(int.from_bytes(hashlib.sha256(f"{person}".encode()).digest()[:8]))
    skins = sorted(name for name in made.skins if not name.startswith("eye-"))
    # Identities of the two splits share no skin.
    name = (
        skins[::2][int(rng.integers(len(skins[::2])))]
        if person.split == "train"
        else skins[1::2][int(rng.integers(len(skins[1::2])))]
    )
    _, ethnicity, sex = name.split("-")[0].split("_")
    shape = _shape(made, ethnicity, sex, name.startswith("old"), rng)
    texture = _skin(made.skins[name], rng)
    skin = Surface(
        made.triangles, made.uv_triangles, made.uv, _dressed(texture, made, SHIRTS[int(rng.integers(len(SHIRTS)))])
    )
    return Head(shape, skin, _proxies(made, sex, rng))


def posed(head: Head, pose: Pose) -> Floats:
    """All vertices of the base mesh, the face in motion and the head turned on its neck."""
    made = parts()
    vertices = head.vertices.copy()
    for unit, amount in _units(pose).items():
        index, delta = made.targets["unit-" + unit]
        vertices[index] += amount * delta
    return _turned(vertices, pose)


def attached(vertices: Floats, name: str) -> Floats:
    """Vertices of a proxy on the posed base mesh."""
    proxy = parts().proxies[name]
    return np.asarray(np.einsum("nk,nkc->nc", proxy.weights, vertices[proxy.on]) + proxy.offsets, np.float32)


def _units(pose: Pose) -> dict[str, float]:
    return {
        "eyeBlinkLeft": pose.blink, "eyeBlinkRight": pose.blink, "jawOpen": pose.mouth,
        "mouthSmileLeft": pose.smile, "mouthSmileRight": pose.smile,
        "eyeLookDownLeft": 0.25 * max(0.0, -pose.pitch / 30), "eyeLookDownRight": 0.25 * max(0.0, -pose.pitch / 30),
    }  # fmt: skip


def _turned(vertices: Floats, pose: Pose) -> Floats:
    follows = vertices[:, 1] + 0.6 * np.maximum(vertices[:, 2] - 0.3, 0)
    share = np.clip((follows - 5.95) / 0.65, 0, 1)
    share = (share * share * (3 - 2 * share))[:, None]
    yaw, pitch, roll = np.radians([pose.yaw, -pose.pitch, -pose.roll])
    about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]])
    about_z = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    turned = (vertices - PIVOT) @ (about_z @ about_y @ about_x).T + PIVOT
    moved = vertices + share * (turned - vertices) + np.array([pose.x, pose.y, 0])
    return np.asarray(moved, np.float32)


def _shape(made: Parts, ethnicity: str, sex: str, is_old: bool, rng: np.random.Generator) -> Floats:  # noqa: FBT001
    weights = {f"{ethnicity}-{sex}-young": 0.7 if is_old else 1.0, f"{ethnicity}-{sex}-old": 0.3 if is_old else 0.0}
    features = sorted(
        {
            key.rsplit("-", 1)[0]
            for key in made.targets
            if key.endswith(("-incr", "-up", "-out", "-forward", "-convex", "-uncompress"))
        }
    )
    for feature in features:
        if feature.startswith(("l-", "unit")) or ("-trans" in feature and feature.startswith("head")):
            continue
        amount = float(np.clip(rng.normal(0, 0.28), -0.7, 0.7))
        if feature.startswith("head-"):
            amount *= 0.5
        for side in ("r-", "l-") if feature.startswith("r-") else ("",):
            stem = side + feature.removeprefix("r-")
            weights |= _signed(made, stem, amount)
    vertices = made.vertices.copy()
    for key, weight in weights.items():
        index, delta = made.targets[key]
        vertices[index] += np.float32(weight) * delta
    # Eyes, lids and everything else keep one place whatever the height of the person.
    middle = vertices[:13380][made.vertices[:13380, 1] > 6.9].mean(axis=0) - made.vertices[:13380][
        made.vertices[:13380, 1] > 6.9
    ].mean(axis=0)
    return np.asarray(vertices - middle, np.float32)


def _signed(made: Parts, stem: str, amount: float) -> dict[str, float]:
    pairs = (
        ("incr", "decr"),
        ("up", "down"),
        ("out", "in"),
        ("forward", "backward"),
        ("convex", "concave"),
        ("uncompress", "compress"),
    )
    for more, less in pairs:
        key = f"{stem}-{more if amount > 0 else less}"
        if key in made.targets:
            return {key: abs(amount)}
    return {}


def _skin(small: ByteImage, rng: np.random.Generator) -> ByteImage:
    """The skin at a camera's resolution: pores, freckles and moles of this person, another tone."""
    large = cv2.resize(small[..., :3], (SKIN_PX, SKIN_PX), interpolation=cv2.INTER_CUBIC).astype(np.float32)
    for size, strength in ((2, 0.035), (5, 0.02), (14, 0.02)):
        coarse = rng.normal(0, 1, (SKIN_PX // size, SKIN_PX // size)).astype(np.float32)
        large *= 1 + strength * cv2.resize(coarse, (SKIN_PX, SKIN_PX), interpolation=cv2.INTER_CUBIC)[..., None]
    spots = np.zeros((SKIN_PX, SKIN_PX), np.float32)
    for _ in range(int(rng.integers(100, 900))):
        at, radius = tuple(int(value) for value in rng.integers(0, SKIN_PX, 2)), int(rng.integers(1, 4))
        cv2.circle(spots, at, radius, float(rng.uniform(0.1, 0.45)), -1)
    large *= 1 - cv2.GaussianBlur(spots, (0, 0), 0.8)[..., None] * np.array([0.8, 0.6, 0.4], np.float32)
    large *= rng.uniform(0.88, 1.1) * rng.uniform(0.95, 1.05, 3)
    return np.asarray(np.clip(large, 0, 255), np.uint8)


def _dressed(texture: ByteImage, made: Parts, colour: tuple[int, int, int]) -> ByteImage:
    """The skin with a shirt painted where the body is lower than the collar."""
    low = made.vertices[made.triangles, 1].mean(axis=1) < COLLAR
    shirt = np.round(made.uv[made.uv_triangles[low]] * (1, -1) * SKIN_PX + (0, SKIN_PX)).astype(np.int32)
    dressed = texture.copy()
    cv2.fillPoly(dressed, list(shirt), colour)
    return dressed


def _proxies(made: Parts, sex: str, rng: np.random.Generator) -> tuple[tuple[str, Surface], ...]:
    brows = f"eyebrow{int(rng.integers(1, 12)):03}"
    styles = (
        ("short01", "short02", "short03", "short04", "afro01")
        if sex == "male"
        else ("bob02", "ponytail01", "short03", "short04")
    )
    hair = styles[int(rng.integers(len(styles)))]
    colours = sorted(name for name in made.skins if name.startswith("eye-"))
    looks = {
        "HighPolyEyes": made.skins[colours[int(rng.integers(len(colours)))]],
        "Teeth_Base": made.proxies["Teeth_Base"].texture,
        "Eyelashes01": made.proxies["Eyelashes01"].texture,
        brows: _tinted(made.proxies[brows].texture, float(rng.uniform(0.5, 1.2))),
        hair: _tinted(made.proxies[hair].texture, float(rng.uniform(0.35, 1.3))),
    }
    return tuple(
        (
            name,
            Surface(
                made.proxies[name].triangles,
                made.proxies[name].uv_triangles,
                made.proxies[name].uv,
                look,
                both_sides=True,
            ),
        )
        for name, look in looks.items()
    )


def _tinted(texture: ByteImage, factor: float) -> ByteImage:
    tinted = texture.astype(np.float32)
    tinted[..., :3] *= factor
    return np.asarray(np.clip(tinted, 0, 255), np.uint8)
