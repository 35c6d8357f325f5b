"""The boards of a video wall: what each says, never a word of what somebody wrote but for published results."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _

import words
from cases import city, deadlines, history, indicators, performance, public_list, urgent, wall_orders
from cases.models import Case
from cases.models.deadlines import DeadlineKind
from cases.performance import Figures, Line
from cases.public_list import Filters, PublicLine
from cases.wall_orders import Order
from engine import clock
from engine.base import session
from web.pages import wall_tiles
from web.pages.public import showing
from web.pages.staff import insight_lines
from web.pages.staff.insight_lines import percent

if TYPE_CHECKING:
    from web.pages.wall_asked import Wanted

#: By their numbers in the address.
BOARDS = ("today", "map", "late", "areas", "categories", "results", "trend")
#: Not for guests: they compare.
NOT_FOR_GUESTS = frozenset({"areas"})
#: Lines of a board: more are not read from afar.
LINES = 8
KINDS = ("ward", "commune")
#: Reports on the map at most; results shown beside each other; weeks of the trend.
ON_MAP, RESULTS, WEEKS = 300, 2, 12
#: Urgent ones shown at once, large.
URGENT = 3
#: For how long a result is shown off.
SHOWN_OFF = timedelta(days=30)
#: What is younger is marked as new.
NEW = timedelta(hours=24)

Board = dict[str, Any]


def made(wanted: Wanted) -> list[Board]:
    """The boards asked for, or one grid of tiles; filled, with one that was ordered to the front.

    First of all the case in the spotlight, then what is urgent and nobody has taken on yet, for the city's own people.
    """
    order = Order("") if wanted.is_preview else wall_orders.current()
    ordered = [order.board] if order.board in _MADE else []
    names = dict.fromkeys([*(() if wanted.cells else wanted.boards), *ordered])
    found = [_made(name) for name in names if not (wanted.is_guest and name in NOT_FOR_GUESTS)]
    pressing = [] if wanted.is_guest or wanted.is_preview else _urgent()
    return [*_spotlight(order), *pressing, *([_grid(wanted)] if wanted.cells else []), *found]


def _grid(wanted: Wanted) -> Board:
    """Every tile in its place; what a guest does not see leaves its place to the next one there."""
    cells = [
        {
            "place": f"grid-area: {one.row} / {one.col} / {one.last_row + 1} / {one.last_col + 1}",
            "is_low": one.last_row == wanted.geometry.rows,
            "parts": [_made(name) for name in one.tiles if not (wanted.is_guest and name in NOT_FOR_GUESTS)],
        }
        for one in wanted.cells
    ]
    return {"name": "grid", "title": _("Video wall"), "cells": cells}


def _made(name: str) -> Board:
    """A board, or a single figure."""
    if name in _MADE:
        return {"name": name, **_MADE[name]()}
    return {"name": name, **wall_tiles.board(name)} if name in indicators.BOARDS else wall_tiles.tile(name)


def named(board: str) -> str:
    """What a board is called where one is chosen."""
    if board in indicators.BOARDS:
        return wall_tiles.named(board)
    said = {
        "today": _("The city today"),
        "map": _("Under way"),
        "late": _("Overdue, the longest first"),
        "areas": _("Wards and communes, 30 days"),
        "categories": _("What is reported, 30 days"),
        "results": _("Done: before and after"),
        "trend": _("On time, week by week"),
    }
    return said[board]


def _spotlight(order: Order) -> list[Board]:
    """The case somebody has put on the walls; none when it must not be shown (any more)."""
    case = session().get(Case, order.case_id) if order.case_id else None
    if case is None or case.is_sensitive:
        return []
    promise = deadlines.latest(case, DeadlineKind.RESOLVE)
    view = deadlines.view(promise, at=clock.now()) if promise and promise.ended_at is None else None
    tiles = [
        {"term": _("Status"), "value": words.status(history.public_status(case)), "note": ""},
        {"term": _("Handling unit"), "value": words.local_name(case.unit) or "–", "note": ""},
        {
            "term": _("Since"),
            "value": insight_lines.hours((clock.now() - case.opened_at) / timedelta(hours=1)),
            "note": "",
        },
    ]
    said = words.deadline(view)
    if said is not None:
        late = said.state in ("overdue", "late")
        tiles.append(
            {"term": _("Deadline"), "value": said.text, "note": words.moment(view.due_at) if view else "", "bad": late}
        )
    title = f"{case.tracking_code} · {_kind_and_place(case)}"
    return [{"name": "spotlight", "title": title, "tiles": tiles, "is_wordy": True}]


def _urgent() -> list[Board]:
    """One board with what is urgent now; none when nothing is."""
    now = clock.now()
    lines = [
        {
            "code": case.tracking_code,
            "text": _kind_and_place(case),
            "note": words.local_name(case.unit),
            "since": words.promise(max((now - case.opened_at) // timedelta(minutes=1), 1) / 60, "hours"),
        }
        for case in urgent.waiting(limit=URGENT)
    ]
    return [{"name": "urgent", "title": _("Urgent, nobody has it in hand yet"), "urgent": lines}] if lines else []


def _map() -> Board:
    """What is under way, where: as the public may see it."""
    spots = [one for one in public_list.spots(Filters(), limit=ON_MAP) if one.resolved_at is None]
    since = clock.now() - NEW
    points = [_point(one, is_new=one.opened_at >= since) for one in spots if one.position]
    counted = {
        state: sum(1 for one in points if _drawn(one["state"]) == state)
        for state in ("ontime", "soon", "overdue", "paused")
    }
    return {
        "title": _("Under way"),
        "areas": showing.areas(),
        "bounds": showing.bounds(),
        "points": points,
        "counts": [(state, text, counted[state]) for state, text in _states()],
        "fresh": sum(1 for one in points if one["is_new"]),
    }


def _point(spot: PublicLine, *, is_new: bool) -> dict[str, Any]:
    latitude, longitude = spot.position or (0.0, 0.0)
    state = spot.deadline.state.value if spot.deadline else "ontime"
    return {"lat": latitude, "lon": longitude, "state": state, "is_new": is_new}


def _drawn(state: str) -> str:
    return {"late": "overdue", "met": "ontime"}.get(state, state)


def _states() -> list[tuple[str, str]]:
    return [("overdue", _("Overdue")), ("soon", _("Due soon")), ("ontime", _("On track")), ("paused", _("Paused"))]


def _results() -> Board:
    """Published results with a photo of before and after, the newest first."""
    pairs = [
        {
            "title": one.title,
            "place": words.local_name(one.area),
            "day": words.day(one.published_at),
            "before": url_for("public.photo", photo_id=one.before_id, size="large"),
            "after": url_for("public.photo", photo_id=one.after_id, size="large"),
        }
        for one in public_list.before_and_after(since=clock.now() - SHOWN_OFF, limit=RESULTS)
    ]
    return {"title": _("Done: before and after"), "pairs": pairs}


def _trend() -> Board:
    """The share kept week by week, beside the goal."""
    today = city.today()
    weeks = performance.over_time(from_on=today - timedelta(weeks=WEEKS - 1, days=today.weekday()), to_on=today)
    known = [one for one in weeks if one.on_time.share is not None]
    return {
        "title": _("On time, week by week. Goal: %(goal)s", goal=f"{city.settings().on_time_goal} %"),
        "weeks": [
            {
                "label": f"{one.from_on:%d/%m}",
                "share": None if one.on_time.share is None else round(100 * one.on_time.share, 1),
            }
            for one in weeks
        ],
        "goal": city.settings().on_time_goal,
        "last": percent(known[-1].on_time) if known else "–",
        "received": sum(one.received for one in weeks),
        "closed": sum(one.closed for one in weeks),
    }


def _kind_and_place(case: Any) -> str:
    if case.is_sensitive:
        return _("Report that is not public")
    return " · ".join(filter(None, (words.local_name(case.category), words.local_name(case.area))))


def _found(by: tuple[str, ...] = (), days: int = 30) -> performance.Performance:
    today = city.today()
    return performance.summary(from_on=today - timedelta(days=days - 1), to_on=today, by=by, most_overdue=LINES)


def _today() -> Board:
    totals, today = _found().totals, _found(days=1).totals
    return {"title": _("The city today"), "tiles": _tiles(totals, today)}


def _tiles(totals: Figures, today: Figures) -> list[dict[str, Any]]:
    on_time, satisfied = totals.on_time_share, totals.satisfaction
    return [
        {"term": _("Overdue now"), "value": totals.overdue_now, "bad": totals.overdue_now > 0, "note": _("of %(n)s open", n=totals.open)},
        {"term": _("Due soon"), "value": totals.due_soon, "note": ""},
        {"term": _("Received today"), "value": today.received, "note": _("%(n)s closed", n=today.closed)},
        {"term": _("On time"), "value": percent(on_time), "note": _("30 days, n = %(n)s", n=on_time.n)},
        {"term": _("Satisfied"), "value": percent(satisfied), "note": _("30 days, n = %(n)s", n=satisfied.n)},
        {"term": _("Half done within"), "value": insight_lines.hours(totals.handling_hours_median), "note": _("30 days")},
    ]  # fmt: skip


def _late() -> Board:
    """What is late: kind and ward, never what somebody wrote."""
    now = clock.now()
    lines = [
        {
            "code": row.case.tracking_code,
            "text": _kind_and_place(row.case),
            "deadline": words.deadline(deadlines.view(row.deadline, at=now)),
        }
        for row in _found().overdue
    ]
    return {"title": _("Overdue, the longest first"), "late": lines}


def _areas() -> Board:
    units = [line for line in _found(("unit",)).by_unit if line.unit.kind in KINDS]
    return {"title": _("Wards and communes, 30 days"), "bars": [_bar(line) for line in units[:LINES]]}


def _categories() -> Board:
    found = sorted(_found(("category",)).by_category, key=lambda line: -line.figures.received)
    return {"title": _("What is reported, 30 days"), "bars": [_bar(line) for line in found[:LINES]]}


def _bar(line: Line) -> dict[str, Any]:
    share = line.figures.on_time_share
    return {
        "name": words.local_name(line.of),
        "received": line.figures.received,
        "overdue": line.figures.overdue_now,
        "on_time": percent(share),
        "meter": round(share.share * 100, 1)
        if share.share is not None and share.n >= insight_lines.SMALLEST_N
        else None,
        "state": insight_lines.state(share),
    }


_MADE: dict[str, Callable[[], Board]] = {
    "today": _today,
    "map": _map,
    "late": _late,
    "areas": _areas,
    "categories": _categories,
    "results": _results,
    "trend": _trend,
}
