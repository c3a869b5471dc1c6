"""Uploads: bodies read into memory, counted while they arrive; how long they may take is seen to where all bodies pass.

Nothing is spooled: the usual form parser writes larger parts to temporary files, which
would be unencrypted personal data on disk.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from email.message import Message
from typing import Final

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from kyc_service.domain.captures import CaptureKind
from kyc_service.errors import InvalidInput
from kyc_service.imaging.clip import DEFAULT_CLIP_LIMITS, pack_frames

FIELD_BYTES: Final = 64 * 1024
_FRAME_BYTES: Final = DEFAULT_CLIP_LIMITS.frame.max_bytes
_MAX_FRAMES: Final = DEFAULT_CLIP_LIMITS.max_frames
_MAX_PARTS: Final = 8
_MULTIPART: Final = "multipart/form-data"


class UploadTooLarge(InvalidInput):
    """More bytes were sent than are accepted here."""

    code = "upload_too_large"
    capture: CaptureKind | None = None
    """The part of a form that was too large, where it is a capture."""


class UploadTooSlow(InvalidInput):
    """The body did not arrive in time."""

    code = "upload_too_slow"


class RequestUnreadable(InvalidInput):
    """The request cannot be read."""

    code = "bad_request"


class MultipartInvalid(InvalidInput):
    """The body is not the multipart form that is expected here."""

    code = "multipart_invalid"


class MediaTypeUnsupported(InvalidInput):
    """The Content-Type is not one that is accepted here."""

    code = "media_type_unsupported"


@dataclass(slots=True)
class _Part:
    header_name: bytearray = field(default_factory=bytearray)
    header_value: bytearray = field(default_factory=bytearray)
    name: str = ""
    data: bytearray = field(default_factory=bytearray)


class _Form:
    """Gathers the parts that ``limits`` names, no larger than it says; each once, ``repeated`` as often as its count."""

    def __init__(self, limits: dict[str, int], repeated: tuple[str, int] | None = None) -> None:
        self._limits = limits
        self._repeated, self._times = repeated or ("", 0)
        self._part = _Part()
        self._count = 0
        self.parts: dict[str, bytes] = {}
        self.many: list[bytes] = []

    def on_part_begin(self) -> None:
        self._part = _Part()
        self._count += 1
        if self._count > _MAX_PARTS + self._times:
            raise MultipartInvalid(f"There are more than {_MAX_PARTS + self._times} parts.")

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._part.header_name += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._part.header_value += data[start:end]

    def on_header_end(self) -> None:
        if self._part.header_name.lower() == b"content-disposition":
            _, options = parse_options_header(bytes(self._part.header_value))
            self._part.name = options.get(b"name", b"").decode("ascii", "replace")
        self._part.header_name, self._part.header_value = bytearray(), bytearray()

    def on_headers_finished(self) -> None:
        if self._part.name not in self._limits:
            raise MultipartInvalid(f"A part has a name that is not known here; known are: {', '.join(self._limits)}.")
        if self._part.name in self.parts:
            raise MultipartInvalid(f"The part {self._part.name} was sent twice.")

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        if len(self._part.data) + end - start > self._limits[self._part.name]:
            raise _too_large(self._part.name)
        self._part.data += data[start:end]

    def on_part_end(self) -> None:
        if self._part.name == self._repeated:
            self.many.append(bytes(self._part.data))
        else:
            self.parts[self._part.name] = bytes(self._part.data)


def _too_large(part: str) -> UploadTooLarge:
    error = UploadTooLarge(f"The part {part} has more bytes than are accepted.")
    error.capture = CaptureKind(part) if part in set(CaptureKind) else None
    return error


async def read_clip(request: Request, max_bytes: int) -> bytes:
    """One liveness clip: the part ``clip`` of a multipart body, its parts ``frames`` with ``times_ms``, or a video body.

    Raises:
        InvalidInput: one of the leaves above, or the frames and their times do not fit.
    """
    media_type = _media_type(request)
    if media_type != _MULTIPART:
        if not media_type.startswith("video/") and media_type != "application/octet-stream":
            raise MediaTypeUnsupported
        return await _whole_body(request, max_bytes)
    form = _Form({"clip": max_bytes, "frames": _FRAME_BYTES, "times_ms": FIELD_BYTES}, ("frames", _MAX_FRAMES))
    await _fill(request, form)
    if form.many:
        return pack_frames(form.many, _times(form.parts.get("times_ms", b"")))
    if "clip" not in form.parts:
        raise MultipartInvalid("The form has neither a part named clip nor parts named frames with times_ms.")
    return form.parts["clip"]


def _times(text: bytes) -> list[int]:
    try:
        times = json.loads(text)
    except (ValueError, RecursionError):
        times = None
    if not isinstance(times, list) or not all(type(time) is int for time in times):
        raise MultipartInvalid("The part times_ms must be a JSON list of whole milliseconds, one for each frame.")
    return times


async def read_form(request: Request, limits: dict[str, int]) -> dict[str, bytes]:
    """The parts of a multipart body, by name.

    Args:
        request: Whose body was not read yet.
        limits: The names that are accepted, each with its most bytes.

    Raises:
        MediaTypeUnsupported: it is not multipart.
        MultipartInvalid: broken, cut off, a part of another name, or one name twice.
        UploadTooLarge: a part is larger than its limit.
    """
    form = _Form(limits)
    await _fill(request, form)
    return form.parts


async def _fill(request: Request, form: _Form) -> None:
    parser = _parser(request, form)
    is_ended = False

    def end() -> None:
        nonlocal is_ended
        is_ended = True

    parser.callbacks["on_end"] = end
    try:
        async for chunk in request.stream():
            parser.write(chunk)
        parser.finalize()
    except FormParserError as cause:
        raise MultipartInvalid from cause
    if not is_ended:
        raise MultipartInvalid


async def read_picture(request: Request, max_bytes: int) -> bytes:
    """One picture: the part ``file`` of a multipart body, or the body itself under an image's media type.

    Raises:
        InvalidInput: one of the leaves above.
    """
    media_type = _media_type(request)
    if media_type == _MULTIPART:
        parts = await read_form(request, {"file": max_bytes})
        if "file" not in parts:
            raise MultipartInvalid("The form has no part named file.")
        return parts["file"]
    if not media_type.startswith("image/") and media_type != "application/octet-stream":
        raise MediaTypeUnsupported
    return await _whole_body(request, max_bytes)


async def _whole_body(request: Request, max_bytes: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > max_bytes:
            raise UploadTooLarge
    return bytes(body)


def _media_type(request: Request) -> str:
    message = Message()
    message["content-type"] = request.headers.get("content-type", "application/octet-stream")
    return message.get_content_type()


def _parser(request: Request, form: _Form) -> MultipartParser:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind.lower() != _MULTIPART.encode():
        raise MediaTypeUnsupported
    if not options.get(b"boundary"):
        raise MultipartInvalid
    try:
        return MultipartParser(
            options[b"boundary"],
            {
                "on_part_begin": form.on_part_begin,
                "on_header_field": form.on_header_field,
                "on_header_value": form.on_header_value,
                "on_header_end": form.on_header_end,
                "on_headers_finished": form.on_headers_finished,
                "on_part_data": form.on_part_data,
                "on_part_end": form.on_part_end,
            },
        )
    except FormParserError as cause:
        raise MultipartInvalid from cause
