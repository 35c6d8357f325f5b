"""What walls show, under names: saved, given to displays, forgotten. What can be shown, the door knows that shows it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import select

from cases.displays import DisplayNotFound
from cases.models import Display, WallLayout
from engine import clock
from engine.base import session
from engine.errors import Invalid, NotFound, Problem

LONGEST_NAME, LONGEST_SHOWN = 40, 4000
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
#: What addresses below the wall's mean already.
RESERVED = frozenset({"control", "displays", "state"})


class LayoutNotFound(NotFound):
    """There is no such layout of the wall."""


def every() -> Sequence[WallLayout]:
    """All of them, by name."""
    return session().scalars(select(WallLayout).order_by(WallLayout.name)).all()


def named(name: str) -> WallLayout:
    """The one with this name. Raises: LayoutNotFound."""
    found = session().scalar(select(WallLayout).where(WallLayout.name == name))
    if found is None:
        raise LayoutNotFound(name)
    return found


def check_name(name: str) -> str:
    """A name that can stand in an address. Raises: Invalid."""
    problem = None
    if not name:
        problem = Problem("name", "required")
    elif len(name) > LONGEST_NAME:
        problem = Problem("name", "too_long", {"max": LONGEST_NAME})
    elif not NAME.fullmatch(name):
        problem = Problem("name", "not_a_slug")
    elif name in RESERVED:
        problem = Problem("name", "reserved_name")
    if problem:
        raise Invalid([problem])
    return name


def save(name: str, shown: str, *, by: str) -> WallLayout:
    """Keep what an address of the wall says under a name; walls that have the name show that from then on. Raises: Invalid."""
    check_name(name)
    if len(shown) > LONGEST_SHOWN:
        raise Invalid([Problem("layout", "too_long", {"max": LONGEST_SHOWN})])
    row = session().scalar(select(WallLayout).where(WallLayout.name == name)) or WallLayout(name=name)
    row.shown, row.changed_at, row.changed_by = shown, clock.now(), by
    session().add(row)
    session().flush()
    return row


def remove(name: str) -> None:
    """Forget one; displays that have it show the usual boards again. Raises: LayoutNotFound."""
    session().delete(named(name))
    session().flush()


def give(display_id: int, name: str) -> Display:
    """Let a display show a layout from its next look on; the usual boards when the name is empty.

    Raises: DisplayNotFound, LayoutNotFound.
    """
    display = session().get(Display, display_id)
    if display is None:
        raise DisplayNotFound(display_id)
    display.layout = named(name) if name else None
    session().flush()
    return display
