"""Photos of things that do not exist: before and after, drawn with a few shapes, so that the demo shows no real place."""

from __future__ import annotations

import io
from collections.abc import Callable
from random import Random

from PIL import Image, ImageDraw

SIZE = WIDTH, HEIGHT = 800, 600
HORIZON = 300

Pen = ImageDraw.ImageDraw


def before(kind: str, rng: Random) -> bytes:
    """A JPEG of a street with something wrong."""
    return _photo(kind, rng, is_mended=False)


def after(kind: str, rng: Random) -> bytes:
    """A JPEG of such a street when it has been put right."""
    return _photo(kind, rng, is_mended=True)


def _photo(kind: str, rng: Random, *, is_mended: bool) -> bytes:
    is_night = kind == "lamp"
    image = Image.new("RGB", SIZE, "#101b33" if is_night else "#bcd7ea")
    pen = ImageDraw.Draw(image)
    _street(pen, rng, is_night=is_night)
    _SCENES.get(kind, _nothing)(pen, rng, is_mended)
    written = io.BytesIO()
    image.save(written, "JPEG", quality=80)
    return written.getvalue()


def _street(pen: Pen, rng: Random, *, is_night: bool) -> None:
    """Houses, pavements and a road of red earth colours."""
    walls = ("#26304a", "#1f2940", "#2c3750") if is_night else ("#e9d9b6", "#d9b48f", "#c9d3c0", "#e6c6b0")
    left = -20
    while left < WIDTH:
        width, height = rng.randint(90, 170), rng.randint(110, 220)
        pen.rectangle((left, HORIZON - height, left + width, HORIZON), fill=rng.choice(walls), outline="#7d6b58")
        for x in range(left + 18, left + width - 30, 40):
            pen.rectangle((x, HORIZON - height + 25, x + 18, HORIZON - height + 55), fill="#51606e")
        left += width + rng.randint(0, 12)
    pen.rectangle((0, HORIZON, WIDTH, HEIGHT), fill="#3a3f47" if is_night else "#b5694a")
    pen.polygon(
        [(250, HORIZON), (550, HORIZON), (760, HEIGHT), (40, HEIGHT)], fill="#2a2e36" if is_night else "#6c6f75"
    )
    for y in range(HORIZON + 15, HEIGHT, 60):
        pen.rectangle((396, y, 404 + (y - HORIZON) // 40, y + 30), fill="#8f9196" if is_night else "#e8e6da")


def _pothole(pen: Pen, rng: Random, is_mended: bool) -> None:  # noqa: FBT001  # scenes are called alike
    x, y = rng.randint(260, 430), rng.randint(420, 480)
    if is_mended:
        pen.rectangle((x - 30, y - 20, x + 190, y + 80), fill="#43464b")
        return
    pen.ellipse((x, y, x + 160, y + 62), fill="#4a3a30", outline="#35291f", width=5)
    pen.ellipse((x + 25, y + 14, x + 135, y + 52), fill="#7a8fa3")


def _lamp(pen: Pen, rng: Random, is_mended: bool) -> None:  # noqa: FBT001  # scenes are called alike
    for x in (140, 330, 640):
        height = rng.randint(210, 240)
        if is_mended:
            pen.polygon([(x + 40, 330 - height), (x - 70, 480), (x + 160, 480)], fill="#5d5a3c")
        pen.line((x, 480, x, 320 - height), fill="#8d96a5", width=8)
        pen.line((x, 322 - height, x + 50, 322 - height), fill="#8d96a5", width=6)
        pen.ellipse((x + 28, 318 - height, x + 62, 338 - height), fill="#fff3b0" if is_mended else "#3b4357")


def _waste(pen: Pen, rng: Random, is_mended: bool) -> None:  # noqa: FBT001  # scenes are called alike
    pen.rectangle((590, 360, 690, 480), fill="#2f7d4f", outline="#1d5535", width=4)
    if is_mended:
        pen.rectangle((584, 348, 696, 364), fill="#1d5535")
        return
    for _ in range(34):
        x, y, size = rng.randint(470, 740), rng.randint(400, 530), rng.randint(24, 60)
        colour = rng.choice(("#22262b", "#3e4a56", "#d8d4c8", "#3f7cac", "#a3462f"))
        pen.ellipse((x, y, x + size, y + size * 3 // 4), fill=colour, outline="#1b1b1b")


def _tree(pen: Pen, rng: Random, is_mended: bool) -> None:  # noqa: FBT001  # scenes are called alike
    foot, top = (160, 500), (180, 240) if is_mended else (430, 300)
    pen.line((*foot, *top), fill="#6b4a2f", width=34)
    for _ in range(18 if is_mended else 26):
        x, y = top[0] + rng.randint(-110, 70), top[1] + rng.randint(-110, 60)
        pen.ellipse((x, y, x + 80, y + 60), fill=rng.choice(("#3f7a3a", "#4f8f45", "#2f6330")))


def _cable(pen: Pen, _rng: Random, is_mended: bool) -> None:  # noqa: FBT001  # scenes are called alike
    for x in (110, 690):
        pen.rectangle((x, 110, x + 16, 500), fill="#8c8f92")
    for number in range(6):
        sag = 20 + number * 4 if is_mended else 180 + number * 34
        pen.arc((118, 140 - sag + number * 6, 698, 140 + sag + number * 6), 0, 180, fill="#15181c", width=5)


def _water(pen: Pen, rng: Random, is_mended: bool) -> None:  # noqa: FBT001  # scenes are called alike
    pen.rectangle((560, 500, 680, 530), fill="#4d5359", outline="#222222", width=3)
    if is_mended:
        return
    pen.polygon([(150, 430), (640, 400), (790, 590), (20, 590)], fill="#7d6a4c")
    for _ in range(14):
        x, y = rng.randint(120, 620), rng.randint(430, 560)
        pen.arc((x, y, x + 90, y + 24), 180, 360, fill="#a8956f", width=4)


def _nothing(_pen: Pen, _rng: Random, _is_mended: bool) -> None:  # noqa: FBT001  # scenes are called alike
    """A street in order."""


_SCENES: dict[str, Callable[[Pen, Random, bool], None]] = {
    "pothole": _pothole,
    "lamp": _lamp,
    "waste": _waste,
    "tree": _tree,
    "cable": _cable,
    "water": _water,
}
