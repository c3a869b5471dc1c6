"""Flat pictures of a head before the camera: a print or a screen, held, turned, bent and waved by hand."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from specimens.heads.clips import room_of
from specimens.heads.head import Person, Pose, head_of
from specimens.heads.motion import Motion
from specimens.heads.parts import ByteImage, Floats
from specimens.heads.raster import Surface
from specimens.heads.recording import Drawn
from specimens.heads.scene import AIM, Camera, blank, draw_head, draw_surface, finished
from specimens.heads.setting import LIGHTS, Setting

_CELLS = 24
_PICTURE = Camera(width=640, height=480, distance=5.0, face_share=0.55)
_HEIGHT = 2.1 / 0.55
"""Life-size, decimetres."""
LESS_SHINE = 0.03


@dataclass(frozen=True, slots=True)
class Sheet:
    """How the picture is bent: ``radius`` in decimetres (0 = flat; negative = hollow), about an upright or a level axis."""

    radius: float = 0.0
    upright: bool = True


def seen_sheet(person: Person, motion: Motion, sheet: Sheet, setting: Setting, plays: Motion | None = None) -> Drawn:
    """A picture of ``person``, held before the camera and turned, tilted and brought nearer as ``motion`` says.

    ``plays``: what the picture itself shows over time, where it is a screen; without, it is a print.
    """
    background, light = room_of(setting), LIGHTS[setting.light]
    still = None if plays else _surface(_shown(person, Pose(), setting))

    def drawn(at: float, camera: Camera) -> NDArray[np.float32]:
        surface = still if still is not None else _surface(_shown(person, (plays or motion).at(at), setting))
        canvas = blank(camera, background)
        draw_surface(canvas, _held(_bent(sheet), motion.at(at), camera), surface, camera, light)
        return finished(canvas, camera)

    return drawn


def seen_picture(picture: ByteImage, motion: Motion, sheet: Sheet, setting: Setting) -> Drawn:
    """Any picture (BGR, four by three) as a print, held and moved like :func:`seen_sheet`'s."""
    background, light, surface = room_of(setting), LIGHTS[setting.light], _surface(picture)

    def drawn(at: float, camera: Camera) -> NDArray[np.float32]:
        canvas = blank(camera, background)
        draw_surface(canvas, _held(_bent(sheet), motion.at(at), camera), surface, camera, light)
        return finished(canvas, camera)

    return drawn


def shifted_still(person: Person, motion: Motion, setting: Setting) -> Drawn:
    """A still picture moved by software: shift, zoom, shear for turns; nothing beyond its borders shows."""
    camera = Camera(
        round(setting.camera.width * 1.3),
        round(setting.camera.height * 1.3),
        setting.camera.distance,
        setting.camera.face_share / 1.3,
    )
    canvas = blank(camera, room_of(setting))
    draw_head(canvas, head_of(person), Pose(), camera, LIGHTS[setting.light])
    still = finished(canvas, camera)

    def drawn(at: float, seen: Camera) -> NDArray[np.float32]:
        pose = motion.at(at)
        squeeze, tilt = np.cos(np.radians(pose.yaw)), np.cos(np.radians(pose.pitch))
        matrix = (
            np.array([[squeeze, 0.002 * pose.roll, 0], [0.12 * np.sin(np.radians(pose.yaw)), tilt, 0]]) * pose.nearer
        )
        middle = np.array([still.shape[1] / 2, still.shape[0] / 2])
        goal = np.array([seen.width / 2, seen.height / 2]) + np.array([pose.yaw, -pose.pitch]) * 0.6
        matrix[:, 2] = goal - matrix[:, :2] @ middle
        return np.asarray(
            cv2.warpAffine(still, matrix, (seen.width, seen.height), borderMode=cv2.BORDER_REPLICATE), np.float32
        )

    return drawn


def _shown(person: Person, pose: Pose, setting: Setting) -> ByteImage:
    enlarged = np.asarray(cv2.resize(room_of(setting), (_PICTURE.width, _PICTURE.height)), np.uint8)
    canvas = blank(_PICTURE, enlarged)
    draw_head(canvas, head_of(person), pose, _PICTURE, LIGHTS["front"])
    return np.asarray(np.clip(finished(canvas, _PICTURE), 0, 255), np.uint8)


def _surface(picture: ByteImage) -> Surface:
    rows, columns = np.divmod(np.arange(_CELLS * _CELLS), _CELLS)
    first = rows * (_CELLS + 1) + columns
    below = first + _CELLS + 1
    upper, lower = np.stack([first, below, first + 1], axis=1), np.stack([first + 1, below, below + 1], axis=1)
    triangles = np.concatenate([upper, lower]).astype(np.int32)
    return Surface(triangles, triangles, _grid() + 0.5, picture, both_sides=True)


def _grid() -> Floats:
    steps = np.linspace(-0.5, 0.5, _CELLS + 1)
    across, up = np.meshgrid(steps, -steps)
    return np.stack([across.ravel(), up.ravel()], axis=1).astype(np.float32)


def _bent(sheet: Sheet) -> Floats:
    x, y = (_grid() * (_HEIGHT * 4 / 3, _HEIGHT)).T
    z = np.zeros_like(x)
    if sheet.radius:
        angle = (x if sheet.upright else y) / sheet.radius
        around, z = sheet.radius * np.sin(angle), sheet.radius * (np.cos(angle) - 1)
        x, y = (around, y) if sheet.upright else (x, around)
    return np.stack([x, y, z], axis=1).astype(np.float32)


def _held(points: Floats, pose: Pose, camera: Camera) -> Floats:
    yaw, pitch, roll = np.radians([pose.yaw, -pose.pitch, -2 * pose.roll])
    about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]])
    about_z = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    near = np.array([2 * pose.x, 2 * pose.y, camera.distance * (1 - 1 / pose.nearer)])
    return np.asarray(points @ (about_z @ about_y @ about_x).T + AIM + near, np.float32)
