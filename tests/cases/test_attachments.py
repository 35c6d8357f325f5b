"""Photos of strangers: what is a picture is cleaned and kept, what is not is refused."""

from __future__ import annotations

import contextlib
import io
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import ExifTags, Image

from cases import attachments
from engine.errors import Invalid
from engine.models import Definition
from tests import town as cast


def picture(form: str = "JPEG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **saved: Any) -> bytes:
    written = io.BytesIO()
    Image.new(mode, size, "red" if mode != "L" else 80).save(written, form, **saved)
    return written.getvalue()


def noise(width: int, height: int) -> Image.Image:
    return Image.effect_noise((width, height), 90).convert("RGB")


def with_exif(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "Máy ảnh của Suối"
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "N", (13.0, 58.0, 42.0)
    gps[ExifTags.GPS.GPSLongitudeRef], gps[ExifTags.GPS.GPSLongitude] = "E", (107.0, 59.0, 49.0)
    image = Image.new("RGB", (60, 20), "red")
    image.paste("blue", (0, 0, 20, 20))  # the left third
    written = io.BytesIO()
    image.save(written, "JPEG", exif=exif, comment=b"call 0905123456", quality=95)
    return written.getvalue()


def png_of_size(width: int, height: int) -> bytes:
    """A PNG that says it is huge and carries almost nothing."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def film(form: str) -> bytes:
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "green", "blue")]
    written = io.BytesIO()
    frames[0].save(written, form, save_all=True, append_images=frames[1:], duration=100)
    return written.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        attachments.read(content)
    (problem,) = refused.value.problems
    assert problem.where == "photos"
    return problem.code


# ------------------------------------------------------------------------------------------------------------- hostile

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><rect width="9" height="9"/></svg>'
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\nshowpage\n"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 100,
        b"GIF89a",
        b"\xff\xd8\xff\xe0",
        b"<html><script>alert(1)</script></html>",
        SVG,
        EPS,
        b"PK\x03\x04" + b"\0" * 60,
        picture("BMP"),
        picture("TIFF"),
        picture("PPM"),
        picture("ICO"),
    ],
    ids=["empty", "zeros", "gif-head", "jpeg-head", "html", "svg", "eps", "zip", "bmp", "tiff", "ppm", "ico"],
)
def test_what_is_no_photo_is_refused(content: bytes) -> None:
    assert refusal(content) == "not_an_image"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_truncated_photo_is_refused(form: str) -> None:
    written = io.BytesIO()
    noise(200, 200).save(written, form)
    assert refusal(written.getvalue()[: len(written.getvalue()) // 2]) == "not_an_image"


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP"])
def test_a_film_is_refused(form: str) -> None:
    assert refusal(film(form)) == "not_an_image"


@pytest.mark.parametrize("side", [7_300, 12_000, 30_000, 60_000])
def test_a_decompression_bomb_is_refused_before_it_is_unpacked(side: int) -> None:
    assert refusal(png_of_size(side, side)) == "too_big"


def test_a_file_of_more_than_fifteen_megabytes_is_refused() -> None:
    assert refusal(picture() + b"\0" * attachments.MAX_BYTES) == "too_big"


def test_a_png_with_a_text_bomb_is_refused() -> None:
    plain = picture("PNG")
    text = b"Comment\0\0" + zlib.compress(b"a" * 200_000_000, 9)
    chunk = struct.pack(">I", len(text)) + b"zTXt" + text + struct.pack(">I", zlib.crc32(b"zTXt" + text))
    assert refusal(plain[:33] + chunk + plain[33:]) == "not_an_image"


@pytest.mark.filterwarnings("ignore::UserWarning")  # the library says what is wrong with the metadata
@pytest.mark.parametrize("position", range(0, 600, 7))
def test_a_photo_with_a_broken_byte_is_cleaned_or_refused(position: int) -> None:
    whole = bytearray(with_exif(6))
    whole[position % len(whole)] ^= 0xFF
    with contextlib.suppress(Invalid):
        assert b"Exif" not in attachments.read(bytes(whole)).image


# ------------------------------------------------------------------------------------------------------------- cleaned


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "HEIF", "AVIF"])
def test_photos_of_every_phone_become_jpegs(form: str) -> None:
    cleaned = attachments.read(picture(form))
    with Image.open(io.BytesIO(cleaned.image)) as image:
        assert (image.format, image.size, image.mode) == ("JPEG", (64, 48), "RGB")
        red, green, blue = image.getpixel((30, 20))  # type: ignore[misc]  # an RGB pixel
    assert (red > 200, max(green, blue) < 60) == (True, True)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "CMYK", "I;16", "1"])
def test_photos_of_every_kind_of_pixel_are_taken(mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    written = io.BytesIO()
    Image.new(mode, (20, 10)).save(written, form)
    assert (attachments.read(written.getvalue()).width, attachments.read(written.getvalue()).height) == (20, 10)


def test_what_is_transparent_becomes_white() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(written, "PNG")
    with Image.open(io.BytesIO(attachments.read(written.getvalue()).image)) as image:
        assert image.getpixel((10, 10)) == (255, 255, 255)


def test_nothing_but_the_picture_is_left_of_a_photo() -> None:
    original = with_exif(1)
    assert b"Exif" in original
    assert b"0905123456" in original
    cleaned = attachments.read(original)
    for written in (cleaned.image, cleaned.thumbnail):
        with Image.open(io.BytesIO(written)) as image:
            assert not image.getexif()
            assert not {"exif", "comment", "xmp", "photoshop", "icc_profile"} & set(image.info)
        assert b"Exif" not in written
        assert b"0905123456" not in written


def _level(channel: Image.Image, row: int) -> int:
    return channel.crop((10, row, 11, row + 1)).tobytes()[0]


def test_the_camera_s_note_which_way_is_up_is_followed() -> None:
    cleaned = attachments.read(with_exif(6))  # the right side of the picture is its top: turn clockwise
    assert (cleaned.width, cleaned.height) == (20, 60)
    with Image.open(io.BytesIO(cleaned.image)) as image:
        red, _, blue = image.split()
    assert min(_level(blue, 5), _level(red, 55)) > 200
    assert max(_level(red, 5), _level(blue, 55)) < 60


@pytest.mark.parametrize(
    ("size", "kept", "thumbnail"),
    [
        ((4000, 3000), (2048, 1536), (480, 360)),
        ((3000, 4000), (1536, 2048), (360, 480)),
        ((2048, 10), (2048, 10), (480, 2)),
        ((5000, 1), (2048, 1), (480, 1)),
        ((100, 100), (100, 100), (100, 100)),
    ],
)
def test_photos_are_made_to_fit(size: tuple[int, int], kept: tuple[int, int], thumbnail: tuple[int, int]) -> None:
    cleaned = attachments.read(picture(size=size))
    assert (cleaned.width, cleaned.height) == kept
    with Image.open(io.BytesIO(cleaned.image)) as image, Image.open(io.BytesIO(cleaned.thumbnail)) as small:
        assert (image.size, small.size) == (kept, thumbnail)


# ---------------------------------------------------------------------------------------------------------------- kept


@pytest.fixture
def storage(app: Flask, tmp_path: Path) -> Any:
    before = attachments._root
    attachments.configure(tmp_path)
    yield tmp_path
    attachments._root = before


def test_a_photo_is_kept_under_its_hash_with_a_thumbnail(town: Definition, storage: Path) -> None:
    case = cast.report().case
    kept = attachments.store(case, cast.photo(size=(900, 600)).content, kind="result", by=cast.OFFICIAL)
    path = attachments.open_image(kept)
    assert path == storage / kept.sha256[:2] / kept.sha256[2:4] / f"{kept.sha256}.jpg"
    assert (kept.width, kept.height, kept.byte_size) == (900, 600, len(path.read_bytes()))
    assert (kept.kind, kept.added_by, kept.media_type) == ("result", cast.OFFICIAL, "image/jpeg")
    with Image.open(attachments.open_image(kept, thumbnail=True)) as small:
        assert small.size == (480, 320)


def test_the_same_photo_twice_is_one_file(town: Definition, storage: Path) -> None:
    case = cast.report().case
    first, second = (attachments.store(case, cast.photo().content, kind="report", by="reporter") for _ in range(2))
    assert first.id != second.id
    assert first.storage_key == second.storage_key
    assert len([path for path in storage.rglob("*") if path.is_file()]) == 2


def test_a_file_that_is_gone_is_said_to_be_gone(town: Definition, storage: Path) -> None:
    kept = attachments.store(cast.report().case, cast.photo().content, kind="report", by="reporter")
    attachments.open_image(kept).unlink()
    with pytest.raises(attachments.PhotoNotFound):
        attachments.open_image(kept)
