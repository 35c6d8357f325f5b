"""Reports of performance by mail: who wants which, when each is due, and of which period it then is.

The clock makes a job of a report that is due, once however many clocks there are; the pages write it. After a time in which
no clock ran, only the last one that was missed is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from cases import codes
from cases.city import settings
from cases.models import Person, ReportSubscription
from cases.performance import grouping, periods
from cases.performance.periods import Period
from engine import clock, jobs, registry
from engine.base import session, transaction
from engine.errors import Invalid, NotFound, Problem

TOPIC = "write_report"
#: When reports go, by the clocks of the city; also on days on which nobody works.
AT = time(7)
#: Reports one person may have sent.
MOST = 20
#: Subscriptions looked at in one look of the clock.
BATCH = 100
SCOPE = ("unit", "area", "category", "channel")
LONGEST_CODE = 100
_PURPOSE = "stop report"
_WEEK = timedelta(days=7)
_ONE_DAY = timedelta(days=1)


class SubscriptionNotFound(NotFound):
    """There is no such subscription."""


class Rhythm(StrEnum):
    """How often: every Monday for the week before, or on the first day of a reporting month for the month before."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"


def subscribe(person: Person, rhythm: str, scope: Mapping[str, str]) -> ReportSubscription:
    """Have a report sent; one that is wanted already stays as it is. Raises: Invalid with all there is to mend."""
    wanted = {name: scope.get(name) or "" for name in SCOPE}
    _check(person, rhythm, wanted)
    now = clock.now()
    row = {"person_id": person.id, "rhythm": rhythm, **wanted, "made_at": now, "next_at": next_moment(rhythm, now)}
    session().execute(insert(ReportSubscription).values(row).on_conflict_do_nothing())
    return session().scalars(select(ReportSubscription).filter_by(person_id=person.id, rhythm=rhythm, **wanted)).one()


def of(person: Person) -> Sequence[ReportSubscription]:
    """What this person has sent, in the order it was asked for."""
    query = select(ReportSubscription).where(ReportSubscription.person_id == person.id)
    return session().scalars(query.order_by(ReportSubscription.id)).all()


def get(number: int, person: Person) -> ReportSubscription:
    """One of this person's own. Raises: SubscriptionNotFound."""
    found = session().get(ReportSubscription, number)
    if found is None or found.person_id != person.id:
        raise SubscriptionNotFound(number)
    return found


def cancel(number: int, person: Person) -> None:
    """Have it sent no more. Raises: SubscriptionNotFound."""
    session().delete(get(number, person))


def send_now(number: int, person: Person) -> None:
    """Have the last one written at once, beside those that will come. Raises: SubscriptionNotFound."""
    wanted = get(number, person)
    _ask_for(wanted, last_moment(wanted.rhythm, clock.now()))


def _check(person: Person, rhythm: str, wanted: Mapping[str, str]) -> None:
    problems = [] if rhythm in set(Rhythm) else [Problem("rhythm", "not_an_option")]
    problems += [Problem(name, "unknown") for name, code in wanted.items() if len(code) > LONGEST_CODE or "\0" in code]
    if not problems:
        try:
            grouping.scope(**{name: code or None for name, code in wanted.items()}, official=None)
        except Invalid as error:
            problems += [Problem(one.where.removesuffix("_id"), one.code, one.params) for one in error.problems]
    if not person.email:
        problems.append(Problem("rhythm", "no_address"))
    query = select(func.count()).select_from(ReportSubscription).where(ReportSubscription.person_id == person.id)
    if (session().scalar(query) or 0) >= MOST:
        problems.append(Problem("rhythm", "too_many", {"max": MOST}))
    if problems:
        raise Invalid(problems)


# ------------------------------------------------------------------------------------------------------------- moments


def last_moment(rhythm: str, at: datetime) -> datetime:
    """The last moment up to `at` at which such reports went."""
    local = at.astimezone(_zone())
    today = local.date() if local.time() >= AT else local.date() - _ONE_DAY
    return _moment(_begins(rhythm, today))


def next_moment(rhythm: str, at: datetime) -> datetime:
    """The first moment after `at` at which such reports go."""
    last = last_moment(rhythm, at).astimezone(_zone()).date()
    following = last + _WEEK if rhythm == Rhythm.WEEKLY else _begins(rhythm, last + timedelta(days=31))
    return _moment(following)


def period(rhythm: str, at: datetime) -> tuple[Period, Period]:
    """Of which days a report of that moment is, and which came before: whole weeks or whole reporting months."""
    last = at.astimezone(_zone()).date() - _ONE_DAY
    if rhythm == Rhythm.WEEKLY:
        week = Period(last - _WEEK + _ONE_DAY, last)
        return week, periods.as_long_before(week)
    first_day = settings().report_day
    name = periods.containing(last, first_day, "month")
    return periods.named(name, first_day), periods.before(name, first_day)


def _begins(rhythm: str, day: date) -> date:
    """The first day of the week or the reporting month a day lies in."""
    if rhythm == Rhythm.WEEKLY:
        return day - timedelta(days=day.weekday())
    first_day = settings().report_day
    return periods.named(periods.containing(day, first_day, "month"), first_day).from_on


def _moment(day: date) -> datetime:
    return datetime.combine(day, AT, _zone())


def _zone() -> ZoneInfo:
    return ZoneInfo(settings().time_zone)


# ------------------------------------------------------------------------------------------------------------- sending


@registry.periodic
def look() -> None:
    """Have workers write what is due, each once."""
    with transaction():
        now = clock.now()
        due = select(ReportSubscription).where(ReportSubscription.next_at <= now).order_by(ReportSubscription.next_at)
        for wanted in session().scalars(due.limit(BATCH).with_for_update(skip_locked=True)):
            _ask_for(wanted, last_moment(wanted.rhythm, now))
            wanted.next_at = next_moment(wanted.rhythm, now)


def _ask_for(wanted: ReportSubscription, at: datetime) -> None:
    jobs.add(TOPIC, {"subscription": wanted.id, "moment": at.isoformat()})


def stop_path(wanted: ReportSubscription) -> str:
    """The end of the address at which whoever has the letter can say that no more are wanted."""
    return f"{wanted.id}/{codes.signature(_PURPOSE, str(wanted.id))}"


def signed(number: int, signature: str) -> ReportSubscription | None:
    """The subscription of such an address; None when it is there no more. Raises: SubscriptionNotFound for one not made here."""
    if not codes.is_signature(signature, _PURPOSE, str(number)):
        raise SubscriptionNotFound(number)
    return session().get(ReportSubscription, number)
