"""The sums of performance: after anything that happens they are what the rows say."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from cases import cases, owner
from cases.models import Case, Category, KpiCase, KpiCell, KpiDirty, KpiSpread
from cases.performance import buckets, folding
from cases.performance.buckets import BOUNDS, bucket, quantile
from cases.performance.measures import CUBES, GRAINS, Count, Spread, blocks, cube_for
from engine import clock, registry, timers
from engine.base import session
from engine.models import Definition
from tests import town as cast

Sums = dict[Any, Any]


def sums() -> Sums:
    """Everything that was added up, without what came to nothing."""
    session().flush()
    names = ("cube", "grain", "block", "unit_id", "area_id", "category_id", "channel", "official")
    found: Sums = {}
    for row in session().execute(select(*KpiCell.__table__.c)).mappings():
        counts = tuple(row["counts"]) if any(row["counts"]) else None
        found[tuple(row[name] for name in names)] = counts
    for row in session().execute(select(*KpiSpread.__table__.c)).mappings():
        found[*(row[name] for name in names), row["measure"]] = row["buckets"] or None
    return {key: value for key, value in found.items() if value}


def recomputed() -> Sums:
    """The same made again from nothing but the rows of the cases."""
    folding.mark_all(anew=True)
    folding.refresh()
    return sums()


def total(measure: Count) -> int:
    """A count over all days."""
    cell = select(KpiCell.counts).where(KpiCell.cube == 0, KpiCell.grain == 64)
    return sum(counts[measure] for counts in session().scalars(cell))


# ------------------------------------------------------------------------------------------------------- arithmetic


def test_buckets_are_a_minute_or_at_most_one_percent_wide() -> None:
    widths = [(later - one) / one for one, later in pairwise(BOUNDS[100:])]
    assert BOUNDS[:100] == list(range(100))
    assert all(one < later for one, later in pairwise(BOUNDS))
    assert max(widths) <= 0.01
    assert len(BOUNDS) < 2**16


@pytest.mark.parametrize("minutes", [0, 1, 99, 100, 101, 5_000, 1_000_000, 40_000_000])
def test_a_duration_lies_in_its_bucket(minutes: int) -> None:
    number = bucket(timedelta(minutes=minutes, seconds=59))
    assert BOUNDS[number] <= minutes
    assert number == len(BOUNDS) - 1 or minutes < BOUNDS[number + 1]


def test_what_ended_before_it_began_took_no_time() -> None:
    assert bucket(timedelta(minutes=-5)) == 0


def test_packed_buckets_are_added_by_writing_them_one_behind_the_other() -> None:
    packed = buckets.pack({3: 2, 70: 1, 9: 0}) + buckets.pack({3: 5})
    assert buckets.unpack(buckets.pack({3: 2, 70: 1, 9: 0})) == {3: 2, 70: 1}
    assert {place: int(n) for place, n in enumerate(buckets.added(packed)) if n} == {3: 7, 70: 1}


def test_quantiles_lie_between_their_neighbours_as_in_the_database() -> None:
    numbers = buckets.added(buckets.pack(Counter([10, 20, 30, 40, 90])))
    up_to = numbers.cumsum()
    assert quantile(up_to, 0.5) == 30
    assert quantile(up_to, 0.9) == pytest.approx(40 + 0.6 * 50)
    assert quantile(buckets.added(b"").cumsum(), 0.5) is None


@pytest.mark.parametrize(
    ("first", "last"), [(730_000, 730_000), (730_001, 730_400), (729_992, 734_000), (5, 4), (63, 64)]
)
def test_blocks_are_the_days_of_a_period_each_once_and_few(first: int, last: int) -> None:
    found = blocks(first, last)
    days = [day for grain, one, other in found for day in range(one * grain, (other + 1) * grain)]
    assert sorted(days) == list(range(first, last + 1))
    assert sum(other - one + 1 for grain, one, other in found if grain < GRAINS[-1]) <= 28


def test_the_smallest_sums_that_tell_apart_what_is_asked_are_used() -> None:
    assert cube_for([]) == 0
    assert CUBES[cube_for(["unit_id"]) or 0] == ("unit_id",)
    assert CUBES[cube_for(["official"]) or 0] == ("category_id", "official")
    assert cube_for(["official", "unit_id"]) is None


# ------------------------------------------------------------------------------------------------------------ folds


def test_what_happens_to_a_case_is_marked_once_in_its_transaction(town: Definition) -> None:
    case = cast.accepted()
    session().flush()
    assert set(session().scalars(select(KpiDirty.case_id))) == {case.id}
    folding.refresh()
    assert session().scalars(select(KpiDirty.id)).all() == []
    cases.note(case, "gọi lại", by=cast.OFFICIAL)
    cases.note(case, "đã gọi", by=cast.OFFICIAL)
    session().flush()
    assert session().scalars(select(KpiDirty.case_id)).all() == [case.id]


def test_a_life_is_counted_and_counted_anew_when_it_changes(town: Definition, frozen_clock: datetime) -> None:
    case = cast.resolved()
    folding.refresh()
    assert [total(one) for one in (Count.RECEIVED, Count.OPEN, Count.RESOLVED, Count.RESULTS)] == [1, 1, 1, 1]
    with clock.at(frozen_clock + timedelta(days=1)):
        owner.give_feedback(case, "not_fixed")
    folding.refresh()
    assert [total(one) for one in (Count.RECEIVED, Count.RESOLVED, Count.REOPENED, Count.NOT_FIXED)] == [1, 0, 1, 1]
    assert sums() == recomputed()


def test_folding_twice_adds_nothing(town: Definition) -> None:
    cast.resolved()
    folding.refresh()
    once = sums()
    folding.mark_all()
    folding.refresh()
    assert sums() == once


def test_late_corrections_move_what_was_counted(town: Definition, frozen_clock: datetime) -> None:
    case = cast.resolved()
    folding.refresh()
    session().execute(text("UPDATE deadline SET met_at = due_at + interval '3 days' WHERE kind = 'resolve'"))
    noise = session().scalars(select(Category.id).where(Category.code == "noise")).one()
    case.unit_id, case.category_id = cast.unit("lighting-team").id, noise
    case.opened_at -= timedelta(days=40)
    cases.note(case, "sửa lại", by=cast.OFFICIAL)
    session().flush()
    folding.refresh()
    assert total(Count.BROKEN) == 1
    assert total(Count.KEPT) == 0
    assert sums() == recomputed()


def test_a_case_that_is_gone_takes_its_part_with_it(town: Definition) -> None:
    case = cast.report().case
    folding.refresh()
    for table in ("event", "message", "report", "deadline"):
        session().execute(text(f"DELETE FROM {table} WHERE case_id = {case.id}"))
    session().execute(text(f'DELETE FROM "case" WHERE id = {case.id}'))
    folding.mark_all()
    folding.refresh()
    assert sums() == {}
    assert session().scalars(select(KpiCase.case_id)).all() == []


def test_batches_are_bounded_and_add_up(town: Definition) -> None:
    for _ in range(3):
        cast.report()
    session().flush()
    assert folding.fold(2) == 2
    assert folding.fold(2) == 1
    assert folding.fold(2) == 0
    assert sums() == recomputed()


def test_the_clock_folds(town: Definition) -> None:
    cast.report()
    session().commit()
    timers.tick()
    assert total(Count.RECEIVED) == 1


def test_work_of_others_that_fails_does_not_stop_the_clock(town: Definition, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ValueError("broken")

    monkeypatch.setattr(registry, "_periodic", [broken, *registry.periodic_work()])
    cast.report()
    session().commit()
    timers.tick()
    assert total(Count.RECEIVED) == 1


def test_spreads_are_kept_in_working_and_in_clock_time(town: Definition, frozen_clock: datetime) -> None:
    case = cast.accepted()
    with clock.at(frozen_clock + timedelta(days=1)):
        cast.resolve(case)
    folding.refresh()
    query = select(KpiSpread.measure, KpiSpread.buckets).where(KpiSpread.cube == 0, KpiSpread.grain == 1)
    found = {row.measure: list(buckets.unpack(row.buckets)) for row in session().execute(query)}
    # the second day is a holiday of that year: Monday 08:00 to 17:00 without lunch were worked
    assert found[Spread.HANDLING_CLOCK] == [bucket(timedelta(days=1))]
    assert found[Spread.HANDLING_WORK] == found[Spread.OWN_WORK]
    assert BOUNDS[found[Spread.HANDLING_WORK][0]] < 8 * 60
    assert found[Spread.WAITING_WORK] == [0]


def test_only_one_folds_at_a_time(own_app: Flask) -> None:
    from engine.base import db, transaction

    with own_app.app_context():
        with transaction():
            cast.found()
            cast.report()
        with db.engine.connect() as other:
            other.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": folding.FOLD_LOCK})
            assert folding.refresh() == 0
        assert folding.refresh() > 0
        assert session().scalars(select(Case.id)).all() == session().scalars(select(KpiCase.case_id)).all()
