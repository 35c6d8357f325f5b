"""Photos: opened with suspicion, cleaned of everything but the picture, kept on disk under the hash of their content.

What strangers upload is decoded completely and written anew, so that no metadata (place, owner, thumbnail of the
uncropped picture), no comment and nothing that is no picture reaches the disk. Files are never changed; a file without
a row, left by a transaction that failed, does no harm.
"""

from __future__ import annotations

import hashlib
import io
import struct
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from cases.models import Attachment, Case, Report
from engine import clock
from engine.base import session
from engine.errors import Invalid, NotFound, Problem

MAX_BYTES = 15_000_000
MAX_PIXELS = 50 * 1024 * 1024
LONGEST_SIDE = 2048
THUMBNAIL_SIDE = 480
MEDIA_TYPE = "image/jpeg"

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "HEIF", "AVIF")
#: Formats whose several frames are one picture in several sizes or depths, not a film.
_STILL = ("JPEG", "MPO", "HEIF")
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
#: What decoders are known to raise on broken or hostile files.
_BROKEN = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    ArithmeticError,
    RuntimeError,
    MemoryError,
    struct.error,
    zlib.error,
)

pillow_heif.register_heif_opener()

_root: Path | None = None


class PhotoNotFound(NotFound):
    """There is no such photo."""


@dataclass(frozen=True)
class Picture:
    """A cleaned photo, ready to be kept: two JPEGs."""

    image: bytes
    thumbnail: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        """The hash of the larger file."""
        return hashlib.sha256(self.image).hexdigest()


def configure(storage_path: Path | str) -> None:
    """Say where files are kept; the same for all processes."""
    global _root  # noqa: PLW0603  # set once by the composition root
    _root = Path(storage_path).absolute()


def read(content: bytes, *, where: str = "photos") -> Picture:
    """The picture in an upload, turned upright, at most 2048 pixels long, without anything else.

    Raises: Invalid (`too_big`, `not_an_image`) about the field `where`.
    """
    if len(content) > MAX_BYTES:
        raise Invalid([Problem(where, "too_big", {"max": MAX_BYTES // 1_000_000})])
    try:
        picture = _decoded(content)
    except _BOMBS as error:
        raise Invalid([Problem(where, "too_big", {"max": MAX_BYTES // 1_000_000})]) from error
    except _BROKEN as error:
        raise Invalid([Problem(where, "not_an_image")]) from error
    return Picture(_jpeg(picture, LONGEST_SIDE), _jpeg(picture, THUMBNAIL_SIDE), *_fitted(picture.size, LONGEST_SIDE))


def keep(case: Case, picture: Picture, *, kind: str, by: str, report: Report | None = None) -> Attachment:
    """Write a picture to the disk and a row for it; `kind` is "report" or "result"."""
    digest = picture.sha256
    key = f"{digest[:2]}/{digest[2:4]}/{digest}.jpg"
    thumbnail_key = f"{digest[:2]}/{digest[2:4]}/{digest}-{THUMBNAIL_SIDE}.jpg"
    _write(key, picture.image)
    _write(thumbnail_key, picture.thumbnail)
    attachment = Attachment(
        case_id=case.id,
        report=report,
        kind=kind,
        media_type=MEDIA_TYPE,
        width=picture.width,
        height=picture.height,
        byte_size=len(picture.image),
        sha256=digest,
        storage_key=key,
        thumbnail_key=thumbnail_key,
        added_at=clock.now(),
        added_by=by,
    )
    session().add(attachment)
    session().flush()
    return attachment


def store(case: Case, content: bytes, *, kind: str, by: str, report: Report | None = None) -> Attachment:
    """Clean and keep an upload. Raises: Invalid (`too_big`, `not_an_image`)."""
    return keep(case, read(content), kind=kind, by=by, report=report)


def open_image(attachment: Attachment, *, thumbnail: bool = False) -> Path:
    """The file of a photo. Raises: PhotoNotFound when the disk does not have it."""
    path = _path(attachment.thumbnail_key if thumbnail else attachment.storage_key)
    if not path.is_file():
        raise PhotoNotFound(attachment.id)
    return path


def _decoded(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
        if image.width * image.height > MAX_PIXELS:
            raise Image.DecompressionBombError
        if image.format not in _STILL and getattr(image, "is_animated", False):
            raise ValueError("a film is no photo")
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        image.load()
        return _opaque(_upright(image))


def _upright(image: Image.Image) -> Image.Image:
    """Turned as the camera noted; a note that cannot be read is no reason to refuse the picture."""
    try:
        return ImageOps.exif_transpose(image)
    except _BROKEN:
        return image


def _opaque(image: Image.Image) -> Image.Image:
    """The pixels alone, on white: a new image carries no metadata over."""
    clean = Image.new("RGB", image.size, "white")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        clean.paste(layer, mask=layer)
    else:
        clean.paste(image.convert("RGB"))
    return clean


def _jpeg(image: Image.Image, side: int) -> bytes:
    written = io.BytesIO()
    fitted = image if max(image.size) <= side else image.resize(_fitted(image.size, side), Image.Resampling.LANCZOS)
    fitted.save(written, "JPEG", quality=82, progressive=True)
    return written.getvalue()


def _fitted(size: tuple[int, int], side: int) -> tuple[int, int]:
    longest = max(size)
    if longest <= side:
        return size
    return max(1, round(size[0] * side / longest)), max(1, round(size[1] * side / longest))


def _path(key: str) -> Path:
    if _root is None:
        raise RuntimeError("attachments.configure was not called")
    return _root / key


def _write(key: str, content: bytes) -> None:
    """Write a file at once or not at all; the same content is already there under the same name."""
    path = _path(key)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as unfinished:
        unfinished.write(content)
    written = Path(unfinished.name)
    written.chmod(0o644)
    written.replace(path)
