"""Which figures are asked for: period, comparison and scope, as the address of the page says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from flask_babel import gettext as _

from cases import city
from cases.performance import periods
from cases.performance.periods import Period
from engine.errors import Invalid, Problem

#: Periods of so many days up to today, by the code in the address.
DAYS = {"1": 1, "7": 7, "30": 30, "90": 90, "365": 365}
#: Periods of the calendar so far, in the city's reporting months.
NAMED = ("month", "quarter", "year")
DEFAULT_PERIOD = "30"
SCOPE = ("unit", "area", "category", "channel")
SORTS = ("name", "on_time", "received", "open", "overdue", "median", "p90", "reopened", "satisfied")
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True)
class Asked:
    """Period, what it is compared with, scope, and how the lines are ordered."""

    period: str
    days: Period
    before: Period
    unit: str = ""
    area: str = ""
    category: str = ""
    channel: str = ""
    sort: str = "name"
    ranking: bool = False

    @property
    def from_on(self) -> date:
        return self.days.from_on

    @property
    def to_on(self) -> date:
        return self.days.to_on

    @property
    def is_narrowed(self) -> bool:
        """Whether it is less than the whole city, or a period of one's own."""
        return self.period == "own" or any(self.scope.values())

    @property
    def scope(self) -> dict[str, str | None]:
        """As `cases.performance` takes it."""
        return {name: getattr(self, name) or None for name in SCOPE}

    def href(self, endpoint: str = "insight.performance_page", **changed: str) -> str:
        """The same with something changed."""
        return f"{url_for(endpoint)}?{urlencode(self.query(**changed))}"

    def as_text(self) -> str:
        """What comes after the question mark."""
        return urlencode(self.query())

    def query(self, **changed: str) -> dict[str, str]:
        """What the address says, with something changed."""
        asked = {
            "period": "" if self.period == "own" else self.period,
            "from": self.from_on.isoformat() if self.period == "own" else "",
            "to": self.to_on.isoformat() if self.period == "own" else "",
            **{name: getattr(self, name) for name in SCOPE},
            "sort": self.sort if self.sort != "name" else "",
            "ranking": "1" if self.ranking else "",
            **changed,
        }
        if changed.get("period"):
            asked |= {"from": "", "to": ""}
        return {name: value for name, value in asked.items() if value}

    def cases_href(self, **changed: str) -> str:
        """The list of cases behind a number: the same scope, narrowed down further."""
        asked = {name: getattr(self, name) for name in ("unit", "area", "category")} | changed
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{url_for('search.search')}?{query}"


def read() -> Asked:
    """What this request asks for; a period that is not known is the usual one. Raises: Invalid (`from`, `to`)."""
    today = city.today()
    sort = request.args.get("sort", "")
    known: dict[str, Any] = {name: request.args.get(name, "") for name in SCOPE}
    known |= {"sort": sort if sort in SORTS else "name", "ranking": request.args.get("ranking") == "1"}
    if request.args.get("from") or request.args.get("to"):
        days = _own(today)
        return Asked("own", days, periods.as_long_before(days), **known)
    code = request.args.get("period", "")
    code = code if code in DAYS or code in NAMED else DEFAULT_PERIOD
    if code in DAYS:
        days = Period(today - timedelta(days=DAYS[code] - 1), today)
        return Asked(code, days, periods.as_long_before(days), **known)
    first_day = city.settings().report_day
    name = periods.containing(today, first_day, code)
    days, whole = Period(periods.named(name, first_day).from_on, today), periods.before(name, first_day)
    before = Period(whole.from_on, min(whole.to_on, whole.from_on + (days.to_on - days.from_on)))
    return Asked(code, days, before, **known)


def choices() -> list[tuple[str, str]]:
    """The periods offered."""
    return [
        ("1", _("Today")),
        ("7", _("7 days")),
        ("30", _("30 days")),
        ("month", _("This month")),
        ("quarter", _("This quarter")),
        ("year", _("This year")),
    ]


def _own(today: date) -> Period:
    problems: list[Problem] = []
    from_on, to_on = (_day(name, problems) for name in ("from", "to"))
    if not problems and (from_on or today) > (to_on or today):
        problems.append(Problem("to", "before_from"))
    if problems:
        raise Invalid(problems)
    return Period(from_on or to_on or today, to_on or today)


def _day(name: str, problems: list[Problem]) -> date | None:
    written = request.args.get(name, "").strip()
    if not written:
        return None
    try:
        day = date.fromisoformat(written)
    except ValueError:
        day = date.min
    if not EARLIEST <= day <= LATEST:
        problems.append(Problem(name, "not_a_day"))
    return day
