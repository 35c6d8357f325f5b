"""Displays on walls: who may show the figures without signing in, and how large letters have to be to be read from afar."""

from __future__ import annotations

import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from cases import codes
from cases.models import Display
from engine import clock
from engine.base import session
from engine.errors import Invalid, NotFound, Problem

LONGEST_NAME = 100
#: A display is written down as seen at most this often.
SEEN_EVERY = timedelta(minutes=1)
#: Height in millimetres that 16 minutes of arc take up at 5 m. Source: NUREG-0700 rev. 3, smallest legible character.
CAPITAL_MM = 23.3
#: A capital letter of the typeface used is this share of the size of its font.
CAPITAL_SHARE = 0.7275
INCH_MM = 25.4
WIDE = 16 / math.sqrt(16 * 16 + 9 * 9)


class DisplayNotFound(NotFound):
    """There is no such display."""


@dataclass(frozen=True)
class Geometry:
    """A wall of panels in one window: how many beside and above each other, their diagonal in inches, and how far away
    people stand, in metres.
    """

    cols: int = 1
    rows: int = 1
    diag: float = 46
    dist: float = 5

    @property
    def unit_share(self) -> float:
        """The smallest font size, as a share of the width of the window: 16 minutes of arc from where people stand."""
        panel_mm = self.diag * INCH_MM * WIDE
        return CAPITAL_MM * self.dist / 5 / CAPITAL_SHARE / (panel_mm * self.cols)


def geometry(cols: str, rows: str, diag: str, dist: str) -> Geometry:
    """As an address says it; what is empty is usual. Raises: Invalid with everything that cannot be."""
    problems: list[Problem] = []
    read = Geometry(
        cols=round(_number("cols", cols, 1, (1, 12), problems)),
        rows=round(_number("rows", rows, 1, (1, 12), problems)),
        diag=_number("diag", diag, 46, (10, 300), problems),
        dist=_number("dist", dist, 5, (0.5, 50), problems),
    )
    if problems:
        raise Invalid(problems)
    return read


def _number(where: str, written: str, usual: float, limits: tuple[float, float], problems: list[Problem]) -> float:
    try:
        number = float(written) if written else usual
    except ValueError:
        number = math.nan
    if not limits[0] <= number <= limits[1]:
        problems.append(Problem(where, "out_of_range", {"min": f"{limits[0]:g}", "max": f"{limits[1]:g}"}))
        return usual
    return number


# ------------------------------------------------------------------------------------------------------------ displays


def every() -> Sequence[Display]:
    """All displays, those that may show something first."""
    return session().scalars(select(Display).order_by(Display.revoked_at.is_not(None), Display.id)).all()


def add(name: str, *, by: str) -> tuple[Display, str]:
    """Let a display show the figures; its secret is told this once. Raises: Invalid."""
    name = name.strip()
    if not name:
        raise Invalid([Problem("name", "required")])
    if len(name) > LONGEST_NAME:
        raise Invalid([Problem("name", "too_long", {"max": LONGEST_NAME})])
    secret = secrets.token_urlsafe(24)
    display = Display(name=name, secret_hash=codes.secret_hash(secret), made_at=clock.now(), made_by=by)
    session().add(display)
    session().flush()
    return display, secret


def revoke(display_id: int) -> Display:
    """Let it show nothing any more, from its next look on. Raises: DisplayNotFound."""
    display = session().get(Display, display_id)
    if display is None:
        raise DisplayNotFound(display_id)
    display.revoked_at = display.revoked_at or clock.now()
    return display


def of_secret(secret: str) -> Display | None:
    """The display that has this secret, if it may show anything; that it was there is written down."""
    if not secret:
        return None
    query = select(Display).where(Display.secret_hash == codes.secret_hash(secret), Display.revoked_at.is_(None))
    display = session().scalar(query)
    now = clock.now()
    if display is not None and (display.seen_at is None or now - display.seen_at >= SEEN_EVERY):
        display.seen_at = now
    return display
