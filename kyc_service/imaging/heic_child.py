"""The program that decodes one HEIC in a process of its own; see ``heic``.

It is run as a script, imports nothing of this package, and bounds its own memory and CPU
time first. In: the file on stdin; limits as arguments (pixels, side, threads, memory in
bytes, CPU seconds). Out, on stdout: one line of JSON (width, height, mode, stride and the
lengths of what follows; or ``pictures`` or ``too_large`` alone), the EXIF bytes, the pixels.
Any other end, a crash included, means that the file cannot be decoded.
"""

from __future__ import annotations

import json
import resource
import sys

from pi_heif import HeifFile, options  # type: ignore[import-untyped]


def main() -> None:
    """Decode stdin to stdout."""
    max_pixels, max_side, threads, memory_bytes, cpu_s = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    options.DECODE_THREADS = threads
    # Neither thumbnails nor depth maps are wanted, and what is not read cannot be hostile.
    options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False
    container = HeifFile(sys.stdin.buffer.read())
    if len(container) != 1:
        _answer({"pictures": len(container)})
        return
    width, height = container.size
    if width * height > max_pixels or max(width, height) > max_side:
        _answer({"too_large": [width, height]})
        return
    exif, pixels = container.info.get("exif") or b"", container.data
    width, height = container.size
    about = {"width": width, "height": height, "mode": container.mode, "stride": container.stride}
    _answer({**about, "exif": len(exif), "pixels": len(pixels)}, exif, pixels)


def _answer(about: dict[str, object], *parts: bytes) -> None:
    sys.stdout.buffer.write(json.dumps(about).encode() + b"\n")
    for part in parts:
        sys.stdout.buffer.write(part)


if __name__ == "__main__":
    main()
