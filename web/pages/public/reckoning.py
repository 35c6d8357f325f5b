"""How a deadline was reckoned: from when, how much, on which calendar, which days did not count, when the clock stood."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

import words
from cases import city, deadlines
from cases import working_time as wt
from cases.models import Case, Deadline
from cases.models.deadlines import DeadlineKind
from cases.working_time import Skipped
from web.pages.public.showing import locale

#: More days off than this are summed up.
MOST_DAYS = 10


def of(case: Case) -> list[dict[str, Any]] | None:
    """The rows that explain the last promise to resolve; none without one."""
    promise = deadlines.latest(case, DeadlineKind.RESOLVE)
    if promise is None:
        return None
    entry = city.calendar_entry(promise.calendar)
    rows = [
        (_("Counted from"), words.moment(promise.started_at)),
        (_("Promised"), words.promise(promise.amount, promise.measure)),
        (_("Calendar"), entry.name_en if locale() == "en" else entry.name_vi),
        (_("Days that did not count"), _days_off(promise)),
        (_("Clock paused"), _pauses(promise)),
        (_("Due"), words.moment(promise.due_at)),
        (_("Result on"), words.moment(promise.met_at)),
    ]
    return [{"term": term, "text": text} for term, text in rows if text]


def _days_off(promise: Deadline) -> str:
    skipped = wt.explain(city.calendar(promise.calendar), promise.started_at, promise.due_at)
    days = _days([stretch for stretch in skipped if stretch.reason != "outside-hours"])
    names = city.day_names(locale())
    said = [_day(day, names) for day in days[:MOST_DAYS]]
    if len(days) > MOST_DAYS:
        said.append(_("and %(n)s more", n=len(days) - MOST_DAYS))
    return ", ".join(said)


def _days(skipped: Sequence[Skipped]) -> list[date]:
    zone = ZoneInfo(city.settings().time_zone)
    found: dict[date, None] = {}
    for stretch in skipped:
        day = stretch.start.astimezone(zone).date()
        while day <= (stretch.end.astimezone(zone) - timedelta(microseconds=1)).date():
            found[day] = None
            day += timedelta(days=1)
    return list(found)


def _day(day: date, names: dict[date, str]) -> str:
    written = f"{day:%d/%m}"
    return f"{written} ({names[day]})" if day in names else written


def _pauses(promise: Deadline) -> str:
    return "; ".join(_pause(pause.started_at, pause.ended_at) for pause in promise.pauses)


def _pause(started_at: datetime, ended_at: datetime | None) -> str:
    if ended_at is None:
        return _("since %(moment)s, until the reporter answers", moment=words.moment(started_at))
    return _("%(start)s to %(end)s", start=words.moment(started_at), end=words.moment(ended_at))
