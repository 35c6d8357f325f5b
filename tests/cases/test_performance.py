"""Performance: every figure counted by hand on a small city whose clock we set."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from cases import attachments, history, performance
from cases.models import Area, Case, Category, Deadline, DeadlinePause, Feedback
from cases.performance import Figures, Performance, Share
from engine import clock
from engine.base import session
from engine.errors import Invalid
from tests import town

if TYPE_CHECKING:
    from flask import Flask

#: Wednesday of the week, 08:00 in Viet Nam: what is late now is late at this moment.
NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
MONDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 29)
ROOM, WARD, LAMPS = "dien-hong-infrastructure", "dien-hong", "lighting-team"


def at(day: int, hour: int) -> datetime:
    """A full hour of a day in November, in Viet Nam."""
    return datetime(2026, 11, day, hour, tzinfo=UTC) - timedelta(hours=7)


@pytest.fixture(autouse=True)
def _city(app: Flask) -> None:
    town.found()


def area_of(code: str) -> Area:
    return session().scalars(select(Area).where(Area.code == code)).one()


def rates(figures: Figures) -> tuple[float | None, ...]:
    """Received, resolved and overdue per 1,000 inhabitants."""
    return tuple(figures.values[f"{name}_per_1000"].value for name in ("received", "resolved", "overdue"))


class Book:
    """Writes cases straight into the rows the figures are made of."""

    def __init__(self) -> None:
        self.number = 0

    def case(
        self,
        unit: str | None,
        category: str = "pothole",
        *,
        opened: datetime,
        resolved: datetime | None = None,
        closed: datetime | None = None,
    ) -> Case:
        self.number += 1
        case = Case(
            tracking_code=f"PK-{self.number}",
            owner_key_hash=str(self.number),
            title="x",
            category_id=session().scalars(select(Category.id).where(Category.code == category)).one(),
            unit_id=town.unit(unit).id if unit else None,
            opened_at=opened,
            resolved_at=resolved,
            closed_at=closed,
            changed_at=opened,
        )
        session().add(case)
        session().flush()
        return case

    def promise(
        self,
        case: Case,
        due: datetime,
        *,
        met: datetime | None = None,
        ended: datetime | None = None,
        remind: datetime | None = None,
        kind: str = "resolve",
    ) -> Deadline:
        deadline = Deadline(
            case_id=case.id, kind=kind, calendar="office", amount=1, measure="hours", started_at=case.opened_at,
            remind_at=remind or due - timedelta(hours=4), due_at=due, met_at=met, ended_at=ended,
        )  # fmt: skip
        session().add(deadline)
        session().flush()
        return deadline


def week(**scope: Any) -> Performance:
    performance.mark_all()
    performance.refresh()
    with clock.at(NOW):
        return performance.summary(from_on=MONDAY, to_on=SUNDAY, **scope)


def test_an_empty_city_has_no_shares_rather_than_bad_ones() -> None:
    found = week()
    assert found.totals == Figures()
    assert found.totals.on_time_share == Share(0, None)
    assert (found.by_unit, found.by_category, found.overdue) == ([], [], [])


def test_on_time_is_what_fell_due_and_was_met_by_then() -> None:
    book = Book()
    for due, met in (
        (at(24, 17), at(24, 16)),  # in time
        (at(24, 17), at(24, 17)),  # at the last moment
        (at(24, 17), at(24, 18)),  # an hour late
        (at(24, 17), None),  # open and late
        (at(27, 17), at(24, 9)),  # met long before it is due
        (at(27, 17), None),  # not yet due
        (at(20, 17), at(20, 16)),  # fell due last week
        (at(30, 17), at(24, 16)),  # will fall due next week
    ):
        book.promise(book.case(ROOM, opened=at(18, 9)), due, met=met)
    assert week().totals.on_time_share == Share(5, 3 / 5)


def test_promises_that_fell_away_or_stand_still_or_are_of_another_kind_are_not_judged() -> None:
    book = Book()
    book.promise(book.case(ROOM, opened=at(23, 9)), at(24, 17), ended=at(24, 9))
    book.promise(book.case(ROOM, opened=at(23, 9)), at(24, 17), kind="accept")
    asked = book.promise(book.case(ROOM, opened=at(23, 9)), at(24, 17))
    asked.pauses.append(DeadlinePause(reason="awaiting_info", started_at=at(24, 9)))
    totals = week().totals
    assert totals.on_time_share == Share(0, None)
    assert totals.overdue_now == 1  # the accept promise
    asked.pauses[0].ended_at = at(24, 10)
    assert week().totals.on_time_share == Share(1, 0.0)
    assert week().totals.overdue_now == 2


def test_a_reopened_case_makes_two_promises() -> None:
    book = Book()
    case = book.case(ROOM, opened=at(20, 9))
    book.promise(case, at(23, 17), met=at(23, 10))
    book.promise(case, at(25, 7))
    totals = week().totals
    assert (totals.on_time_share, totals.overdue_now) == (Share(2, 0.5), 1)


def test_a_case_late_twice_is_one_late_case_and_not_due_soon() -> None:
    book = Book()
    case = book.case(ROOM, opened=at(23, 9))
    book.promise(case, at(24, 9), kind="accept")
    book.promise(case, at(24, 17))
    soon = book.case(ROOM, opened=at(23, 9))
    book.promise(soon, at(25, 11), remind=at(25, 8))
    book.promise(book.case(ROOM, opened=at(23, 9)), at(25, 17), remind=at(25, 9))
    found = week()
    assert (found.totals.overdue_now, found.totals.due_soon) == (1, 1)
    assert [(row.case.id, row.deadline.kind) for row in found.overdue] == [(case.id, "accept"), (case.id, "resolve")]


def test_received_and_closed_are_counted_in_the_period_by_the_citys_days() -> None:
    book = Book()
    first, last = at(23, 0), at(30, 0)
    for moment in (first - timedelta(seconds=1), first, last - timedelta(seconds=1), last):
        book.case(ROOM, opened=moment)
        book.case(ROOM, opened=at(1, 9), closed=moment)
    totals = week().totals
    assert (totals.received, totals.closed, totals.open) == (2, 2, 4)


def test_handling_hours_are_clock_hours_from_report_to_result() -> None:
    book = Book()
    for hours in (10, 20, 30, 40, 100):
        book.case(ROOM, opened=at(24, 7) - timedelta(hours=hours), resolved=at(24, 7))
    book.case(ROOM, opened=at(1, 7), resolved=at(20, 7))
    book.case(ROOM, opened=at(23, 7))
    totals = week().totals
    assert totals.handling_hours_median == pytest.approx(30, rel=0.01)
    assert totals.handling_hours_p90 == pytest.approx(40 + 0.6 * (100 - 40), rel=0.01)


def test_satisfaction_is_the_share_of_the_satisfied_among_those_who_answered() -> None:
    book = Book()
    case = book.case(ROOM, opened=at(23, 9))
    for verdict, given in (
        ("satisfied", at(24, 9)), ("satisfied", at(23, 0)), ("partly", at(24, 9)), ("not_fixed", at(24, 9)),
        ("not_fixed", at(22, 9)), ("satisfied", at(30, 0)),
    ):  # fmt: skip
        session().add(Feedback(case_id=case.id, verdict=verdict, given_at=given))
    assert week().totals.satisfaction == Share(4, 0.5)


def test_units_are_listed_with_everything_below_them() -> None:
    book = Book()
    for unit in (ROOM, ROOM, WARD, LAMPS, None):
        book.promise(book.case(unit, opened=at(23, 9)), at(24, 17), met=at(24, 9) if unit != WARD else None)
    rows = {row.unit.code: (row.depth, row.figures.received, row.figures.on_time_share) for row in week().by_unit}
    assert rows == {
        "gia-lai": (0, 4, Share(4, 0.75)),
        WARD: (1, 3, Share(3, 2 / 3)),
        ROOM: (2, 2, Share(2, 1.0)),
        LAMPS: (1, 1, Share(1, 1.0)),
    }
    assert [row.unit.code for row in week().by_unit] == ["gia-lai", WARD, ROOM, LAMPS]
    assert week().totals.received == 5


def test_a_unit_is_measured_with_its_parts_and_without_the_others() -> None:
    book = Book()
    for unit in (ROOM, WARD, LAMPS):
        book.promise(book.case(unit, opened=at(23, 9)), at(24, 17))
    found = week(unit=WARD)
    assert (found.totals.received, found.totals.overdue_now, len(found.overdue)) == (2, 2, 2)
    assert [(row.unit.code, row.figures.received) for row in found.by_unit] == [(WARD, 2), (ROOM, 1)]
    assert week(unit=LAMPS).totals.received == 1


def test_categories_stand_in_the_citys_order_and_can_be_chosen() -> None:
    book = Book()
    for category in ("noise", "pothole", "noise"):
        book.case(ROOM, category, opened=at(23, 9))
    assert [(row.category.code, row.figures.received) for row in week().by_category] == [("pothole", 1), ("noise", 2)]
    assert week(category="noise").totals.received == 2


def test_places_are_compared_by_their_inhabitants() -> None:
    book = Book()
    for area, often in (("pleiku", 4), ("gao", 2)):
        for _ in range(often):
            case = book.case(ROOM, opened=at(23, 9), resolved=at(24, 9) if area == "gao" else None)
            case.area_id = area_of(area).id
            book.promise(case, at(24, 17), met=at(24, 9) if area == "gao" else None)
    rows = {row.of.code: rates(row.figures) for row in week(by=("area",)).lines["area"]}
    assert rows == {"pleiku": (0.05, 0.0, 0.05), "gao": (0.1, 0.1, 0.0)}  # of 80,000 and 20,000
    assert rates(week(area="gao").totals) == (0.1, 0.1, 0.0)
    assert rates(week().totals) == pytest.approx((6 / 339, 2 / 339, 4 / 339))
    assert week().totals.values["received_per_1000"].n == 339_000
    assert rates(week(category="pothole").by_category[0].figures) == rates(week().totals)


def test_a_unit_is_no_place_and_has_no_inhabitants() -> None:
    book = Book()
    book.case(WARD, opened=at(23, 9))
    found = week(unit=WARD)
    assert rates(found.totals) == rates(found.by_unit[0].figures) == (None, None, None)
    assert rates(week(official="nobody", by=()).totals) == (None, None, None)


def test_where_one_area_was_not_counted_there_is_no_rate_of_the_city() -> None:
    book = Book()
    for area in ("pleiku", "gao"):
        book.case(ROOM, opened=at(23, 9)).area_id = area_of(area).id
    area_of("gao").inhabitants = None
    found = week(by=("area",))
    assert {row.of.code: rates(row.figures)[0] for row in found.lines["area"]} == {"pleiku": 0.0125, "gao": None}
    assert found.totals.values["received_per_1000"] == performance.Value(0, None)


def test_the_worst_are_listed_first_and_no_more_than_can_be_read() -> None:
    book = Book()
    for hours in range(performance.LONGEST_LIST + 5):
        book.promise(book.case(ROOM, opened=at(1, 9)), at(24, 9) - timedelta(hours=hours))
    late = [row.deadline.due_at for row in week().overdue]
    assert late == sorted(late)
    assert len(late) == performance.LONGEST_LIST
    assert late[0] == at(24, 9) - timedelta(hours=performance.LONGEST_LIST + 4)


@pytest.mark.parametrize("scope", [{"unit": "atlantis"}, {"category": "dragons"}])
def test_an_unknown_unit_or_category_is_refused(scope: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        week(**scope)
    assert [(problem.where, problem.code) for problem in refused.value.problems] == [(next(iter(scope)), "unknown")]


def test_a_period_ends_after_it_begins() -> None:
    with pytest.raises(Invalid):
        performance.summary(from_on=SUNDAY, to_on=MONDAY)


def test_a_real_reopening_is_counted_once() -> None:
    from cases import owner

    with clock.at(at(23, 9)):
        case = town.resolved()
        owner.give_feedback(case, "not_fixed", comment="Vẫn còn.")
    totals = week().totals
    assert (totals.reopened, totals.satisfaction, totals.received) == (1, Share(1, 0.0), 1)


def test_brief_lines_have_the_handling_time_and_refuse_to_guess_the_others() -> None:
    with clock.at(at(24, 8)):
        case = town.accepted()
    with clock.at(at(24, 11)):
        town.resolve(case)
    town.counted()

    whole, brief = (
        performance.summary(from_on=MONDAY, to_on=SUNDAY, by=("category",), is_brief=one) for one in (False, True)
    )

    (line,), (short,) = whole.lines["category"], brief.lines["category"]
    assert short.figures == line.figures
    assert short.figures.handling_hours_median == pytest.approx(3, rel=0.01)
    assert line.figures.values["reaction_clock_median"].n == 1
    for code in ("reaction_clock_median", "open_age"):
        with pytest.raises(LookupError):
            short.figures.values[code]
    assert brief.totals.values == whole.totals.values


# ------------------------------------------------------------------------------------------------------------- honesty


def share(found: Performance, code: str) -> tuple[int, int]:
    value = found.totals.values[code]
    return round((value.value or 0) * value.n), value.n


def test_a_promise_met_in_the_last_twentieth_of_its_time_is_met_at_the_last_moment() -> None:
    book = Book()
    for met in (
        at(24, 9),
        at(25, 16),
        at(26, 16),
    ):  # due at 17 on Thursday: ... and an hour before, of about three days
        case = book.case(ROOM, opened=at(23, 8), resolved=met)
        book.promise(case, at(26, 17), met=met)
    late = book.case(ROOM, opened=at(23, 8), resolved=at(27, 8))
    book.promise(late, at(26, 17), met=at(27, 8))

    assert share(week(), "last_moment_share") == (1, 3)


def test_a_result_without_a_photo_of_it_is_counted_when_it_is_closed() -> None:
    book = Book()
    shown, bare, _open = (
        book.case(ROOM, opened=at(23, 8), resolved=at(24, 8), closed=closed) for closed in (at(25, 8), at(25, 8), None)
    )
    for case, kind in ((shown, "result"), (bare, "report")):
        attachments.keep(case, attachments.read(town.photo().content), kind=kind, by=town.OFFICIAL)
    refused = book.case(ROOM, opened=at(23, 8), closed=at(25, 8))
    refused.outcome = "refused"
    session().flush()

    assert share(week(), "closed_no_photo_share") == (1, 2)


def test_a_case_that_changed_its_unit_three_times_was_sent_around() -> None:
    book = Book()
    for route in (
        ["accepted a", "returned a", "accepted b"],
        ["routed a", "accepted a", "returned a", "accepted b", "returned b"],
    ):
        case = book.case(ROOM, opened=at(23, 8), resolved=at(24, 8), closed=at(25, 8))
        history.begin(case)
        for told in route:
            name, _, unit = told.partition(" ")
            history.record(case, f"case_{name}", by="clock", unit=unit)
    session().flush()

    assert share(week(), "sent_around_share") == (1, 2)
