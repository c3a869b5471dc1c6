"""One frame: a head, or a flat picture of one, before a camera, in light."""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from specimens.heads.head import PIVOT, Head, Pose, attached, posed
from specimens.heads.parts import ByteImage, Floats
from specimens.heads.raster import Hits, Surface, rasterise, uv_of

OVERSAMPLED = 1.25


@dataclass(frozen=True, slots=True)
class Light:
    """``key``: direction the light comes from (x right, y up, z from the camera); the colours are BGR factors."""

    key: tuple[float, float, float] = (0.3, 0.5, 1.0)
    strength: float = 0.75
    ambient: float = 0.4
    colour: tuple[float, float, float] = (1.0, 1.0, 1.0)
    shine: float = 0.12


@dataclass(frozen=True, slots=True)
class Camera:
    """``distance`` and sizes in decimetres; ``face_share``: the face's height as a share of the frame's, at that distance."""

    width: int = 400
    height: int = 300
    distance: float = 4.5
    face_share: float = 0.5
    noise: float = 2.0
    shake: tuple[float, float] = (0.0, 0.0)
    screen: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Light of the phone's own screen, BGR, 0..1."""


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """A picture being drawn at ``OVERSAMPLED`` times its size: linear BGR and depth."""

    colour: NDArray[np.float32]
    depth: NDArray[np.float32] = field(repr=False)


FACE_HEIGHT = 2.1
LIPS_PART = 0.05
AIM = PIVOT + np.array([0, 0.5, 0.9], np.float32)


def frame_of(head: Head, pose: Pose, camera: Camera, light: Light, background: ByteImage) -> NDArray[np.float32]:
    """The head before ``background``; float BGR 0..255, before the sensor."""
    canvas = blank(camera, background)
    draw_head(canvas, head, pose, camera, light)
    return finished(canvas, camera)


def blank(camera: Camera, background: ByteImage) -> Canvas:
    """The background, moved a little with the camera's shake and lit a little by its screen."""
    width, height = round(camera.width * OVERSAMPLED), round(camera.height * OVERSAMPLED)
    shift = np.array([[1, 0, -camera.shake[0] * 20 - 20], [0, 1, camera.shake[1] * 20 - 20]], np.float32)
    large = cv2.resize(background, (width + 40, height + 40)).astype(np.float32)
    seen = cv2.warpAffine(large, shift, (width, height), borderMode=cv2.BORDER_REPLICATE)
    lit = seen * (1 + 0.12 * np.asarray(camera.screen, np.float32))
    return Canvas(np.asarray(lit, np.float32), np.full((height, width), np.inf, np.float32))


def draw_head(
    canvas: Canvas, head: Head, pose: Pose, camera: Camera, light: Light, at: tuple[float, float, float] = (0, 0, 0)
) -> None:
    """Draw ``head``, its middle moved by ``at``."""
    vertices = posed(head, pose)
    nearer = np.array([0, 0, camera.distance * (1 - 1 / pose.nearer)], np.float32) + np.asarray(at, np.float32)
    draw_surface(canvas, vertices + nearer, head.skin, camera, light)
    for name, surface in head.proxies:
        if name == "Teeth_Base" and pose.mouth < LIPS_PART:
            continue
        draw_surface(canvas, attached(vertices, name) + nearer, surface, camera, light)


def finished(canvas: Canvas, camera: Camera) -> NDArray[np.float32]:
    """The canvas at the picture's size."""
    return np.asarray(
        cv2.resize(canvas.colour, (camera.width, camera.height), interpolation=cv2.INTER_AREA), np.float32
    )


def draw_surface(canvas: Canvas, vertices: Floats, surface: Surface, camera: Camera, light: Light) -> None:
    """Draw one surface over what is behind it."""
    height, width = canvas.depth.shape
    screen, depth = project(vertices, camera, width, height)
    hits = rasterise(screen, depth, surface, width, height)
    nearer = hits.depth < canvas.depth.reshape(-1)[hits.pixel]
    hits = Hits(hits.pixel[nearer], hits.triangle[nearer], hits.weights[nearer], hits.depth[nearer])
    if len(hits.pixel) == 0:
        return
    canvas.depth.reshape(-1)[hits.pixel] = hits.depth
    canvas.colour.reshape(-1, 3)[hits.pixel] = _shaded(hits, vertices, surface, camera, light)


def project(vertices: Floats, camera: Camera, width: int, height: int) -> tuple[Floats, Floats]:
    """Pixels (V x 2) and depth (V) of points before the camera, which looks at the middle of the face."""
    focal = camera.face_share * height * camera.distance / FACE_HEIGHT
    seen = vertices - AIM - np.array([camera.shake[0], camera.shake[1], 0], np.float32)
    depth = np.maximum(camera.distance - seen[:, 2], 0.01)
    x = width / 2 + focal * seen[:, 0] / depth
    y = height / 2 - focal * seen[:, 1] / depth
    return np.stack([x, y], axis=1).astype(np.float32), depth.astype(np.float32)


def _shaded(hits: Hits, vertices: Floats, surface: Surface, camera: Camera, light: Light) -> Floats:
    normals = np.einsum("nk,nkc->nc", hits.weights, _normals(vertices, surface)[surface.triangles[hits.triangle]])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-6)
    points = np.einsum("nk,nkc->nc", hits.weights, vertices[surface.triangles[hits.triangle]])
    to_camera = AIM + np.array([0, 0, camera.distance], np.float32) - points
    away = np.linalg.norm(to_camera, axis=1, keepdims=True)
    to_camera = to_camera / away
    if surface.both_sides:
        normals *= np.sign((normals * to_camera).sum(axis=1, keepdims=True))
    uv = uv_of(hits, surface)
    texels = _sampled(surface.texture, uv)
    key = np.asarray(light.key, np.float32) / np.linalg.norm(light.key)
    lambert = np.clip((normals @ key + 0.15) / 1.15, 0, 1)
    halfway = to_camera + key
    halfway /= np.maximum(np.linalg.norm(halfway, axis=1, keepdims=True), 1e-6)
    shine = light.shine * np.clip((normals * halfway).sum(axis=1), 0, 1) ** 24
    lit = (light.ambient * (0.75 + 0.25 * normals[:, 1]) + light.strength * lambert)[:, None] * np.asarray(light.colour)
    facing = np.clip((normals * to_camera).sum(axis=1, keepdims=True), 0, 1)
    lit = lit + 0.6 * facing * (3.0 / away) ** 2 * np.asarray(camera.screen)
    return np.asarray(texels * lit + 255 * light.strength * shine[:, None], np.float32)


def _sampled(texture: ByteImage, uv: Floats) -> Floats:
    """Bilinear lookup; remap takes rows of at most 32,767."""
    wide = 4096
    padded = np.zeros((-(-len(uv) // wide) * wide, 2), np.float32)
    padded[: len(uv)] = uv
    grid = padded.reshape(-1, wide, 2)
    found = cv2.remap(texture, grid[..., 0], grid[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    return found.reshape(-1, texture.shape[2])[: len(uv), :3].astype(np.float32)


def _normals(vertices: Floats, surface: Surface) -> Floats:
    a, b, c = (vertices[surface.triangles[:, corner]] for corner in range(3))
    faces = np.cross(b - a, c - a)
    normals = np.zeros_like(vertices)
    for axis in range(3):
        for corner in range(3):
            normals[:, axis] += np.bincount(surface.triangles[:, corner], faces[:, axis], len(vertices))
    return np.asarray(normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9), np.float32)
