"""What somebody at the desk has the walls show now: one board, a case in the spotlight, or nothing moving.

Kept as one setting; every wall asks for its `version` every few seconds. An order that nobody takes back ends by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cases.models import Case, Setting
from engine import clock
from engine.base import session
from engine.errors import Invalid, Problem, Refused

KEY = "wall_order"
#: For how long a board is kept in front or the walls stand still, unless somebody says otherwise.
KEPT = timedelta(hours=1)
#: For how long a case is shown.
SPOTLIGHT = timedelta(minutes=5)
_LONGEST_NAME = 50


class NotForTheWall(Refused):
    """This case is not shown to everybody in the room: it is sensitive, or over."""


@dataclass(frozen=True)
class Order:
    """What is shown until then: a board by name, or a case by id; everything turning when there is neither."""

    version: str
    board: str | None = None
    is_paused: bool = False
    case_id: int | None = None
    until: datetime | None = None


def current() -> Order:
    """The order in force; one that has ended shows nothing."""
    kept = session().get(Setting, KEY, populate_existing=True)
    if kept is None:
        return Order("0")
    version, until = kept.changed_at.isoformat(), datetime.fromisoformat(kept.value["until"])
    if until <= clock.now():
        return Order(f"{version} over")
    said = {name: kept.value.get(name) for name in ("board", "case_id")}
    return Order(version, is_paused=bool(kept.value.get("is_paused")), until=until, **said)


def show(board: str, *, known: tuple[str, ...]) -> None:
    """Have every wall show this board and stay. Raises: Invalid (`board`)."""
    if board[:_LONGEST_NAME] not in known:
        raise Invalid([Problem("board", "not_an_option")])
    _keep({"board": board, "is_paused": True}, KEPT)


def pause() -> None:
    """Have every wall stay where it is."""
    _keep({"is_paused": True}, KEPT)


def go_on() -> None:
    """Have the walls turn as they were told to."""
    _keep({}, timedelta())


def spotlight(case: Case) -> None:
    """Have every wall show this case for a while. Raises: NotForTheWall."""
    if case.is_sensitive or case.closed_at is not None:
        raise NotForTheWall
    _keep({"case_id": case.id}, SPOTLIGHT)


def _keep(said: dict[str, Any], length: timedelta) -> None:
    now = clock.now()
    kept = session().get(Setting, KEY, with_for_update=True) or Setting(key=KEY)
    kept.value, kept.changed_at = {**said, "until": (now + length).isoformat()}, now
    session().add(kept)
    session().flush()
