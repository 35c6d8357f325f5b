"""How a result of working time explains itself: from when it counts, which days did not count and why, what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from cases.working_time import Account, Doubt, DoubtKind, SkipReason
from words.moments import local_moment

_ONE_DAY = timedelta(days=1)
_ONE_MINUTE = timedelta(minutes=1)


def explanation(told: Account, names: Mapping[date, str], *, locale: str) -> list[str]:
    """Sentences about what lies between two moments; `names` say why a day is off, or worked all the same."""
    with force_locale(locale):
        return [*_span(told), *_not_counted(told, names), *_unusual(told, names), *map(_doubt, told.doubts)]


def _span(told: Account) -> Iterator[str]:
    zone = told.calendar.time_zone
    start, end = local_moment(told.start.astimezone(zone)), local_moment(told.end.astimezone(zone))
    yield _("From %(start)s to %(end)s.", start=start, end=end)
    days = ngettext("%(num)d working day", "%(num)d working days", told.days)
    yield _("Counted: %(days)s; %(time)s of office hours.", days=days, time=_length(told.time))
    if told.counts_from > told.start:
        opening = told.counts_from.astimezone(zone)
        yield _("The office was closed at the beginning: it counts from %(moment)s.", moment=local_moment(opening))


def _not_counted(told: Account, names: Mapping[date, str]) -> Iterator[str]:
    usual = sum(len(list(off.days)) for off in told.days_off if off.reason == SkipReason.WEEKEND)
    for first, last, name in _named(told, names):
        days = _day(first) if first == last else f"{_day(first)}–{_day(last)}"
        yield _("Not counted: %(days)s, %(name)s.", days=days, name=name or _("closed"))
    if usual:
        yield ngettext(
            "Not counted: %(num)d day the office is closed every week.",
            "Not counted: %(num)d days the office is closed every week.",
            usual,
        )


def _named(told: Account, names: Mapping[date, str]) -> list[tuple[date, date, str]]:
    """Days off that are not those of every week, in runs of one name."""
    runs: list[tuple[date, date, str]] = []
    for off in told.days_off:
        for day in off.days if off.reason != SkipReason.WEEKEND else ():
            name = names.get(day, "")
            if runs and runs[-1][1] + _ONE_DAY == day and runs[-1][2] == name:
                runs[-1] = (runs[-1][0], day, name)
            else:
                runs.append((day, day, name))
    return runs


def _unusual(told: Account, names: Mapping[date, str]) -> Iterator[str]:
    off = {day for run in told.days_off for day in run.days}
    for day, hours in told.closures:
        if day not in off:
            closed = ", ".join(f"{_clock(opening)}–{_clock(closing)}" for opening, closing in hours)
            yield _("On %(day)s the office is closed %(hours)s.", day=_day(day), hours=closed)
    for day in told.worked_instead:
        yield _("Counted: %(day)s, worked instead of another day (%(name)s).", day=_day(day), name=names.get(day, "–"))
    for day in told.clock_changes:
        yield _("On %(day)s the clocks are changed.", day=_day(day))


def _doubt(doubt: Doubt) -> str:
    said = {
        DoubtKind.UNKNOWN_BEFORE: _("Public holidays before %(day)s are not known.", day=_day(doubt.day)),
        DoubtKind.UNKNOWN_AFTER: _("Public holidays after %(day)s are not known.", day=_day(doubt.day)),
        DoubtKind.UNDECIDED_AFTER: _(
            "Which days are swapped after %(day)s has not been decided yet: this may change.", day=_day(doubt.day)
        ),
    }
    return said[doubt.kind]


def _length(span: timedelta) -> str:
    hours, minutes = divmod(span // _ONE_MINUTE, 60)
    parts = [ngettext("%(num)d hour", "%(num)d hours", hours)] if hours or not minutes else []
    if minutes:
        parts.append(ngettext("%(num)d minute", "%(num)d minutes", minutes))
    return " ".join(parts)


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _clock(moment: time) -> str:
    return f"{moment:%H:%M}"
