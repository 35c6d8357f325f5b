"""Days off, worked days and closures the city decides on, and open deadlines that follow: looked at first, then moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, time, timedelta
from itertools import islice
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

import words
from cases import access, city, redating, redating_work
from cases.city_file import CalendarEntry
from cases.models import Case, Redating, RedatingState, Unit
from cases.own_days import DayKind, OwnDay
from cases.redating import Move
from cases.working_time import Intervals
from engine.base import session
from engine.errors import Invalid, Problem
from web.guards import allowed, person
from web.pages.staff import asked, happened, naming
from words import moments

#: Deadlines listed of a change; all are counted.
LISTED = 200
#: Days ahead that are listed.
AHEAD = 400

pages = Blueprint("calendars", __name__)

ONE = f"/admin/redatings/<{asked.ROW}:change_id>"


@pages.get("/admin/calendars")
@allowed(access.may_administer)
def look() -> ResponseReturnValue:
    """Office hours, the days ahead that are not as usual, and what was changed."""
    return _page()


@pages.post("/admin/calendars/days")
@allowed(access.may_administer)
def add() -> ResponseReturnValue:
    """Plan another day; nothing is changed before it has been looked at."""
    return _plan(lambda: redating.plan_day(_day(), asked.text("reason"), by=person().username))


@pages.post("/admin/calendars/days/<int:number>/removal")
@allowed(access.may_administer)
def remove(number: int) -> ResponseReturnValue:
    """Plan to take a day of the city's own back."""
    return _plan(lambda: redating.plan_without(number, asked.text("reason"), by=person().username))


@pages.post("/admin/redatings")
@allowed(access.may_administer)
def count_again() -> ResponseReturnValue:
    """Plan to count open deadlines again, as calendars or targets are now."""
    return _plan(lambda: redating.plan(asked.text("source"), asked.text("reason"), by=person().username))


@pages.get(ONE)
@allowed(access.may_administer)
def show(change_id: int) -> ResponseReturnValue:
    """What would move, or how far it has got."""
    change = redating.get(change_id)
    return render_template("staff/redating.html", **_shown_whole(change))


@pages.post(f"{ONE}/application")
@allowed(access.may_administer)
def apply(change_id: int) -> ResponseReturnValue:
    """Put it into force; open deadlines follow in the background."""
    problems, status = asked.attempt(lambda: redating_work.apply(change_id, by=person().username))
    if problems:
        return render_template("staff/redating.html", **_shown_whole(redating.get(change_id), problems)), status
    return _to(change_id)


@pages.post(f"{ONE}/drop")
@allowed(access.may_administer)
def drop(change_id: int) -> ResponseReturnValue:
    """Do nothing of it."""
    problems, status = asked.attempt(lambda: redating.drop(change_id))
    if problems:
        return render_template("staff/redating.html", **_shown_whole(redating.get(change_id), problems)), status
    return redirect(url_for(".look"), 303)


def _plan(plan: Callable[[], Redating]) -> ResponseReturnValue:
    planned: list[int] = []
    problems, status = asked.attempt(lambda: planned.append(plan().id))
    return (_page(problems), status) if problems else _to(planned[0])


def _to(change_id: int) -> Any:
    return redirect(url_for(".show", change_id=change_id), 303)


# --------------------------------------------------------------------------------------------------------------- asked


def _day() -> OwnDay:
    """The day of the form. Raises: Invalid, with everything that cannot be read."""
    reading = asked.Reading()
    first = reading.take(lambda: _date("first"), date.min)
    last = reading.take(lambda: _date("last") if asked.text("last") else first, first)
    nothing: Intervals = ()
    hours = reading.take(lambda: _hours(asked.text("hours")), nothing)
    reading.check()
    return OwnDay(
        kind=asked.text("kind"),
        first=first,
        last=last,
        name_vi=asked.text("name_vi"),
        name_en=asked.text("name_en"),
        hours=hours,
        calendars=tuple(one for one in request.form.getlist("calendars") if one),
    )


def _date(name: str) -> date:
    try:
        return date.fromisoformat(asked.text(name))
    except ValueError as error:
        raise Invalid([Problem(name, "not_a_day")]) from error


def _hours(written: str) -> Intervals:
    """`07:00-11:30, 13:30-17:00`; nothing is the whole day."""
    try:
        pairs = [one.split("-") for one in written.replace(" ", "").split(",") if one]
        return tuple((time.fromisoformat(opening), time.fromisoformat(closing)) for opening, closing in pairs)
    except ValueError as error:
        raise Invalid([Problem("hours", "bad_hours")]) from error


# --------------------------------------------------------------------------------------------------------------- shown


def _page(problems: Sequence[asked.Complaint] = ()) -> str:
    return render_template(
        "staff/calendars.html",
        calendars=[_calendar(entry) for entry in city.kept_file().calendars],
        own=[_own(number, one) for number, one in enumerate(city.own_days())],
        ahead=_ahead(),
        changes=[_shown(one) for one in redating.history()],
        kinds=[{"value": code, "label": text} for code, text in kinds().items()],
        closable=[
            {"value": entry.code, "label": words.local_name(entry)}
            for entry in city.kept_file().calendars
            if not entry.continuous
        ],
        given=request.form,
        problems=problems,
        errors={one["where"]: one["text"] for one in problems},
    )


def kinds() -> dict[str, str]:
    """What a day may be."""
    return {
        DayKind.OFF.value: _("Day off"),
        DayKind.WORKED.value: _("Worked day"),
        DayKind.CLOSED.value: _("Closed"),
    }


def sources() -> dict[str, str]:
    """What a change is about."""
    return {
        "days": _("Days of the city"),
        "calendars": _("Calendars as they are now"),
        "targets": _("Targets as they are now"),
    }


def states() -> dict[str, str]:
    """How far a change is."""
    return {
        RedatingState.PLANNED.value: _("Only looked at"),
        RedatingState.RUNNING.value: _("Deadlines are being moved"),
        RedatingState.DONE.value: _("Done"),
        RedatingState.DROPPED.value: _("Dropped"),
    }


def _calendar(entry: CalendarEntry) -> dict[str, object]:
    days = moments.WEEKDAYS_EN if naming.locale() == "en" else moments.WEEKDAYS_VI
    hours = [f"{day}: {_written(open_)}" for day, open_ in zip(days, entry.weekly, strict=True) if open_]
    changes = [_("other hours from %(day)s", day=f"{one.first:%d/%m/%Y}") for one in entry.changes]
    said = _("Day and night") if entry.continuous else "; ".join([*hours, *changes])
    return {"name": words.local_name(entry), "code": entry.code, "hours": said}


def _written(hours: Intervals) -> str:
    return ", ".join(
        f"{opening:%H:%M}-{'24:00' if closing == time(0) else f'{closing:%H:%M}'}" for opening, closing in hours
    )


def _own(number: int, day: OwnDay) -> dict[str, object]:
    return {
        "number": number,
        "kind": kinds().get(day.kind, day.kind),
        "name": words.local_name(day),
        "days": _span(day.first, day.last),
        "hours": _written(day.hours),
    }


def _span(first: date, last: date) -> str:
    return f"{first:%d/%m/%Y}" if first == last else f"{first:%d/%m/%Y} – {last:%d/%m/%Y}"


def _ahead() -> list[dict[str, str]]:
    """The days ahead that are not as usual, with their names."""
    today = city.today()
    hours, end = city.first_calendar(), today + timedelta(days=AHEAD)
    return [
        {"day": f"{on:%d/%m/%Y}", "name": name, "kind": _("worked") if hours.is_working_day(on) else _("off")}
        for on, name in sorted(city.day_names(naming.locale()).items())
        if today <= on <= end
    ]


def _shown(change: Redating) -> dict[str, object]:
    return {
        "id": change.id,
        "href": url_for(".show", change_id=change.id),
        "source": sources()[change.source],
        "reason": change.reason,
        "state": states()[change.state],
        "is_planned": change.state == RedatingState.PLANNED,
        "is_running": change.state == RedatingState.RUNNING,
        "is_over": change.state == RedatingState.DONE,
        "by": naming.person_name(change.applied_by or change.planned_by),
        "at": change.applied_at or change.planned_at,
        "seen": change.seen,
        "moved": change.moved,
        "failed": change.failed,
    }


def _shown_whole(change: Redating, problems: Sequence[asked.Complaint] = ()) -> dict[str, Any]:
    moves = list(redating.moves(change)) if change.state == RedatingState.PLANNED else []
    units = {row.id: row for row in session().scalars(select(Unit).where(Unit.id.in_({one.unit_id for one in moves})))}
    by_unit = Counter(one.unit_id for one in moves)
    listed = list(islice(moves, LISTED))
    titles = _titles({one.case_id for one in listed})
    return {
        "change": _shown(change),
        "moves": [_move(one, titles, units) for one in listed],
        "number": len(moves),
        "later": sum(1 for one in moves if one.to is not None and one.to > one.was),
        "sooner": sum(1 for one in moves if one.to is not None and one.to < one.was),
        "ended": sum(1 for one in moves if one.to is None),
        "by_unit": [(words.local_name(units.get(number)) or "–", count) for number, count in by_unit.most_common()],  # type: ignore[arg-type]  # None has no unit
        "days": [_own(number, OwnDay.read(one)) for number, one in enumerate(change.days or ())],
        "problems": problems,
    }


def _titles(ids: set[int]) -> dict[int, str]:
    return {row.id: row.title for row in session().execute(select(Case.id, Case.title).where(Case.id.in_(ids)))}


def _move(move: Move, titles: dict[int, str], units: dict[int, Unit]) -> dict[str, object]:
    return {
        "code": move.code,
        "title": titles.get(move.case_id, ""),
        "href": url_for("case_file.summary", code=move.code),
        "unit": words.local_name(units.get(move.unit_id)) if move.unit_id else "–",
        "kind": happened.deadline_kind(move.kind),
        "was": words.moment(move.was),
        "to": words.moment(move.to) if move.to else _("no target"),
    }
