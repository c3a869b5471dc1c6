"""What stands before the camera: a person, or an instrument that shows one, in a place, under a light.

A scene is drawn once; it can be seen in any pose, which is how clips are made.
"""

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np

from specimens.attack_protocol import Split
from specimens.presentations.backgrounds import background
from specimens.presentations.camera import Camera, camera, expose
from specimens.presentations.faces import Art, FacePicture, Light, Pixels, Plane, art_of
from specimens.presentations.placing import Pose, onto_plane, pose
from specimens.presentations.prints import Paper, paper
from specimens.presentations.screens import BORDERLESS, MONITOR, PHONE, TABLET, Screen, glare, screen

Instrument = Paper | Screen


class Species(StrEnum):
    """Bona fide, and the presentation attack instrument species (ISO/IEC 30107-3)."""

    BONA_FIDE = "bona_fide"
    PRINT = "print"
    REPLAY_PHONE = "replay_phone"
    REPLAY_TABLET = "replay_tablet"
    REPLAY_MONITOR = "replay_monitor"
    CUT_OUT = "cut_out"
    WORN_PAPER_MASK = "worn_paper_mask"
    CLOSE_UP_PRINT = "close_up_print"
    CLOSE_UP_SCREEN = "close_up_screen"


ATTACKS: tuple[Species, ...] = tuple(species for species in Species if species is not Species.BONA_FIDE)
_SCREENS = {
    Species.REPLAY_PHONE: PHONE,
    Species.REPLAY_TABLET: TABLET,
    Species.REPLAY_MONITOR: MONITOR,
    Species.CLOSE_UP_SCREEN: BORDERLESS,
}
_WITH_WEARER = frozenset({Species.CUT_OUT, Species.WORN_PAPER_MASK})


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One presentation. ``person`` stands there, or wears the instrument; ``instrument`` is in front of it all."""

    species: Species
    camera: Camera
    place: Light
    person: Art | None
    is_cut_from_ground: bool
    instrument: Instrument | None
    mirrored: Plane
    uneven: Plane
    finger: tuple[float, ...]
    start: Pose

    def frame(self, placed: Pose, rng: np.random.Generator) -> Pixels:
        """The scene in a pose, as the camera's file shows it: BGR uint8."""
        light = self._behind(placed)
        if self.instrument is not None:
            light = self._held(light, placed, float(rng.uniform(0, 1)))
        light *= cv2.resize(self.uneven, self.camera.sampled_px, interpolation=cv2.INTER_LINEAR)[..., None]
        half, aspect = placed.face_share / 2, self.camera.frame_px[0] / self.camera.frame_px[1]
        middle = (placed.x - half, placed.y - half * aspect, placed.x + half, placed.y + half * aspect)
        return expose(light, tuple(float(np.clip(v, 0, 0.99)) for v in middle), self.camera, rng)  # type: ignore[arg-type]

    def _behind(self, placed: Pose) -> Light:
        size = self.camera.sampled_px
        ground = np.asarray(cv2.resize(self.place, size, interpolation=cv2.INTER_LINEAR), np.float32)
        if self.person is None:
            return ground
        across, down = onto_plane(size, placed)
        x = across * np.float32(self.person.face_px) + np.float32(self.person.centre[0])
        y = down * np.float32(self.person.face_px) + np.float32(self.person.centre[1])
        how = {"interpolation": cv2.INTER_LINEAR, "borderMode": cv2.BORDER_REFLECT_101}
        seen = np.asarray(cv2.remap(self.person.light, x, y, **how), np.float32)  # type: ignore[call-overload]
        if not self.is_cut_from_ground:
            return seen
        share = np.asarray(cv2.remap(self.person.person, x, y, **how), np.float32)[..., None]  # type: ignore[call-overload]
        return np.asarray(ground + (seen - ground) * share, np.float32)

    def _held(self, behind: Light, placed: Pose, phase: float) -> Light:
        size = self.camera.sampled_px
        across, down = onto_plane(size, placed)
        samples = placed.face_share * size[0]
        if isinstance(self.instrument, Screen):
            light, cover = self.instrument.seen(across, down, samples, phase)
            light += cv2.resize(self.mirrored, size, interpolation=cv2.INTER_LINEAR)[..., None]
        elif self.instrument is not None:
            light, cover = self.instrument.seen(across, down, samples)
        else:
            return behind
        shadow = _shadow(cover, samples)
        whole = behind * (1 - shadow[..., None]) if self.species is not Species.REPLAY_MONITOR else behind
        held = whole + (light - whole) * cover[..., None]
        return self._fingers(np.asarray(held, np.float32), across, down, samples)

    def _fingers(self, light: Light, across: Plane, down: Plane, samples: float) -> Light:
        """A thumb over the edge; a capsule in the instrument's plane."""
        if not self.finger:
            return light
        x, y, lean, radius, tone = self.finger
        cos, sin = np.float32(np.cos(lean)), np.float32(np.sin(lean))
        along = (across - np.float32(x)) * cos + (down - np.float32(y)) * sin
        aside = (down - np.float32(y)) * cos - (across - np.float32(x)) * sin
        away = np.hypot(np.minimum(along, 0), aside)
        share = np.clip((np.float32(radius) - away) * np.float32(samples) + 0.5, 0, 1)
        skin = np.array((0.32, 0.45, 0.75), np.float32) * np.float32(tone)
        lit = skin * np.sqrt(np.clip(1 - (away / np.float32(radius)) ** 2, 0.08, 1))[..., None]
        return np.asarray(light + (lit - light) * share[..., None], np.float32)


def scene(
    face: FacePicture,
    species: Species,
    split: Split,
    rng: np.random.Generator,
    wearer: FacePicture | None = None,
) -> Scene:
    """A presentation of ``face``; ``wearer`` is who holds a cut-out or wears a mask of it (default: the same)."""
    taken = camera(split, rng)
    is_cut_from_ground = bool(rng.random() < 0.5)
    is_person = species is Species.BONA_FIDE
    art = art_of(face, rng, is_cut=species is Species.CUT_OUT or (is_person and is_cut_from_ground))
    person: Art | None = art if is_person else None
    if species in _WITH_WEARER and (species is Species.WORN_PAPER_MASK or rng.random() < 0.5):
        person = art_of(wearer or face, rng, is_cut=is_cut_from_ground)
    instrument = _instrument(art, species, split, rng)
    is_close = species in {Species.CLOSE_UP_PRINT, Species.CLOSE_UP_SCREEN}
    placed = pose(rng, is_flat=instrument is not None and species is not Species.WORN_PAPER_MASK)
    return Scene(
        species=species,
        camera=taken,
        place=background(taken.frame_px, split, rng),
        person=person,
        is_cut_from_ground=is_cut_from_ground,
        instrument=instrument,
        mirrored=glare((48, 64), rng),
        uneven=_uneven(rng),
        finger=_finger(instrument, rng) if instrument is not None and not is_close else (),
        start=placed,
    )


def _instrument(art: Art, species: Species, split: Split, rng: np.random.Generator) -> Instrument | None:
    match species:
        case Species.BONA_FIDE:
            return None
        case Species.PRINT:
            return paper(art, "sheet", split, rng)
        case Species.CLOSE_UP_PRINT:
            return paper(art, "sheet", split, rng, borderless=True)
        case Species.CUT_OUT:
            return paper(art, "silhouette", split, rng)
        case Species.WORN_PAPER_MASK:
            return paper(art, "oval", split, rng)
        case _:
            return screen(art, _SCREENS[species], split, rng)


def _finger(instrument: Instrument, rng: np.random.Generator) -> tuple[float, ...]:
    """Where a thumb reaches over the instrument: its tip, its direction, its radius, its tone."""
    if rng.random() < 0.5:
        return ()
    left, top, right, bottom = instrument.body if isinstance(instrument, Screen) else instrument.sheet
    radius = float(rng.uniform(0.07, 0.13))
    ways = (
        (left + radius, float(rng.uniform(0.2, 1.2)), np.pi),
        (right - radius, float(rng.uniform(0.2, 1.2)), 0.0),
        (float(rng.uniform(left, right)), bottom - radius, np.pi / 2),
    )
    x, y, lean = ways[int(rng.integers(3))]
    del top
    return (x, y, lean + float(rng.normal(0, 0.3)), radius, float(rng.uniform(0.35, 1.0)))


def _uneven(rng: np.random.Generator) -> Plane:
    """Light that falls off to one side, and the lens's dark corners."""
    y, x = np.mgrid[-1:1:24j, -1:1:18j].astype(np.float32)
    angle, depth = float(rng.uniform(0, 2 * np.pi)), float(rng.uniform(0, 0.45))
    slope = 1 + depth * (x * np.cos(angle) + y * np.sin(angle))
    return np.asarray(slope * (1 - float(rng.uniform(0, 0.2)) * (x * x + y * y) / 2), np.float32)


def _shadow(cover: Plane, samples_per_face: float) -> Plane:
    """What the instrument keeps from the light behind it, made small."""
    small = cv2.resize(cover, (cover.shape[1] // 8, cover.shape[0] // 8), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), max(0.6, samples_per_face / 8 * 0.06))
    return np.asarray(
        0.5 * cv2.resize(soft, (cover.shape[1], cover.shape[0]), interpolation=cv2.INTER_LINEAR), np.float32
    )
