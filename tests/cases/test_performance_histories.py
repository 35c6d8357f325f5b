"""Whatever happens to cases, in whatever order: the sums are those of a recomputation, and what plain SQL counts."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from itertools import product
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from cases import cases, owner, performance
from cases.models import Case, Category, Deadline, Unit
from cases.performance import folding
from engine import clock
from engine.base import session
from engine.errors import CasewayError
from engine.models import TaskState, UserTask
from tests import databases
from tests import town as cast
from tests.cases.plain_counting import counted
from tests.cases.test_performance_cells import recomputed, sums
from tests.conftest import MONDAY_MORNING
from tests.databases import SharedApp

#: What a task may be answered with.
ANSWERS: dict[str, tuple[dict[str, Any], ...]] = {
    "intake_check": (
        {"decision": "accept"},
        {"decision": "accept", "unit": "gao"},
        {"decision": "refuse", "refusal_reason": "not_ours", "message": "Xin gửi nơi khác."},
        {"decision": "ask", "message": "Ở đâu?"},
        {"decision": "duplicate"},
    ),
    "assign": (
        {"assignment": "assign", "official": cast.OFFICIAL},
        {"assignment": "return", "reason": "Không phải của chúng tôi."},
    ),
    "resolve": ({"outcome": "done", "result_text": "Xong."},),
    "approve": ({"approval": "approve"},),
    "publication_check": (
        {"publish": "publish", "public_title": "Xong", "public_text": "Đã xong."},
        {"publish": "private"},
    ),
    "feedback": ({"verdict": "satisfied"}, {"verdict": "not_fixed"}, {"verdict": "partly"}),
    "supervisor_review": ({},),
}

steps = st.lists(
    st.tuples(
        st.sampled_from(
            ["go_on"] * 24 + ["report"] * 2 + ["move", "correct", "withdraw", "call_off", "answer", "fold", "support"]
        ),
        st.integers(0, 7),
        st.integers(0, 40),
    ),
    min_size=30,
    max_size=50,
)


class City:
    """A city in which anything may happen to the cases there are."""

    def __init__(self) -> None:
        self.now = MONDAY_MORNING
        self.cases: list[Case] = []

    def do(self, what: str, which: int, hours: int) -> None:
        """One thing, some hours later; what cannot be done now is left."""
        self.now += timedelta(hours=hours)
        if what == "fold":
            folding.refresh()
            return
        with clock.at(self.now), suppress(CasewayError), session().begin_nested():
            if not self.cases or (what == "report" and len(self.cases) < 4):
                self.cases.append(self.begun(which))
            else:
                getattr(self, what if what != "report" else "go_on")(self.cases[which % len(self.cases)], which + hours)

    def begun(self, which: int) -> Case:
        """A case that was just reported, or one whose result is waiting for its reporter."""
        category = ("pothole", "noise", "street-light")[which % 3]
        return cast.resolved(category=category) if which % 2 else cast.report(category=category).case

    def go_on(self, case: Case, by_chance: int) -> None:
        """Answer what the process asks."""
        query = select(UserTask).where(UserTask.instance_id == case.instance_id, UserTask.state == TaskState.OPEN)
        task = session().scalars(query.order_by(UserTask.id)).first()
        if task is None:
            return
        choices = ANSWERS.get(task.element_id, ({},))
        place = by_chance % (len(choices) + 3)  # more often as hoped for
        answers = dict(choices[place if place < len(choices) else 0])
        if answers.get("decision") == "duplicate":
            answers["duplicate_of"] = self.cases[0].tracking_code
        if task.element_id == "feedback":
            owner.give_feedback(case, answers["verdict"])
        else:
            cast.do(case, task.element_id, cast.INTAKE, **answers)

    def answer(self, case: Case, by_chance: int) -> None:
        owner.answer_question(case, f"Ở chợ {by_chance}.")

    def withdraw(self, case: Case, by_chance: int) -> None:
        if by_chance % 4 == 0:
            owner.withdraw(case)

    def call_off(self, case: Case, by_chance: int) -> None:
        if by_chance % 4 == 0:
            cases.call_off(case, "thử", by=cast.SUPERVISOR)

    def support(self, case: Case, by_chance: int) -> None:
        cases.support(case)

    def move(self, case: Case, by_chance: int) -> None:
        """To another unit and category, as an administrator mends it."""
        units = session().scalars(select(Unit.id).order_by(Unit.id)).all()
        categories = session().scalars(select(Category.id).order_by(Category.id)).all()
        case.unit_id, case.category_id = units[by_chance % len(units)], categories[by_chance % len(categories)]
        cases.note(case, "chuyển", by=cast.SUPERVISOR)

    def correct(self, case: Case, by_chance: int) -> None:
        """Moments that were written down wrong, found out long after."""
        back = timedelta(hours=7 * (by_chance % 9))
        case.opened_at -= back
        for deadline in session().scalars(select(Deadline).where(Deadline.case_id == case.id)):
            deadline.due_at -= back
            deadline.remind_at -= back
        if case.resolved_at is not None:
            case.resolved_at += timedelta(minutes=by_chance)
        cases.note(case, "sửa", by=cast.SUPERVISOR)


def check(now: datetime, first: int, length: int) -> None:
    """The figures of a period beside what plain SQL counts, for the city and for every unit and category."""
    from_on = (MONDAY_MORNING + timedelta(days=first)).date()
    to_on = from_on + timedelta(days=length)
    with clock.at(now):
        found = performance.summary(from_on=from_on, to_on=to_on)
        agree(found.totals, counted(from_on, to_on))
        for line in found.by_category:
            agree(line.figures, counted(from_on, to_on, f"c.category_id = {line.of.id}"))
        below = "WITH RECURSIVE b AS (SELECT {0} AS id UNION SELECT u.id FROM unit u JOIN b ON u.parent_id = b.id)"
        for line in found.by_unit:
            part = f"c.unit_id IN ({below.format(line.of.id)} SELECT id FROM b)"
            agree(line.figures, counted(from_on, to_on, part))


def check_weeks(now: datetime, first: int, length: int) -> None:
    """Each week, and each area with a category, is what the figures of that period and part say."""
    from_on = (MONDAY_MORNING + timedelta(days=first)).date()
    period: dict[str, Any] = {"from_on": from_on, "to_on": from_on + timedelta(days=length)}
    with clock.at(now):
        for week in performance.over_time(**period):
            whole = performance.summary(from_on=week.from_on, to_on=week.to_on).totals
            assert (week.received, week.closed) == (whole.received, whole.closed)
            assert week.on_time == whole.on_time_share
        found = performance.by_area_and_category(**period)
        for area, category in product(found.areas, found.categories):
            if (area.id, category.id) in found.cells:
                cell = found.cells[area.id, category.id]
                part = performance.summary(**period, area=area.code, category=category.code).totals
                assert (cell.received, cell.overdue_now, cell.on_time) == (
                    part.received, part.overdue_now, part.on_time_share,
                )  # fmt: skip


def agree(figures: performance.Figures, plain: dict[str, Any]) -> None:
    """Every number is the same; a median of minutes to within a bucket."""
    values = figures.values
    numbers = {name: number for name, number in plain.items() if name in values and name != "handling_clock_median"}
    assert {name: values[name].n for name in numbers if name != "satisfied"} == numbers
    assert values["on_time_share"].n == plain["judged"]
    assert round((values["on_time_share"].value or 0) * plain["judged"]) == plain["kept"]
    assert values["satisfaction"].n == plain["answers"]
    assert round((values["satisfaction"].value or 0) * plain["answers"]) == plain["satisfied"]
    no_photo = values["closed_no_photo_share"]
    assert round((no_photo.value or 0) * no_photo.n) == plain["closed_no_photo"]
    median, exact = values["handling_clock_median"].value, plain["handling_clock_median"]
    assert (median is None) == (exact is None)
    assert median is None or abs(median - exact) <= max(1, 0.01 * exact)


@settings(max_examples=8, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
@given(steps, st.integers(-10, 10), st.integers(0, 60))
def test_after_any_history_the_sums_are_what_the_rows_say(
    shared_app: SharedApp, redis_url: str, done: list[tuple[str, int, int]], first: int, length: int
) -> None:
    with databases.forgetting(shared_app.get()):
        cast.found()
        city = City()
        for step in done:
            city.do(*step)
        folding.refresh()
        kept = sums()
        assert kept == recomputed()
        check(city.now, first, length)
        check_weeks(city.now, first, length)
