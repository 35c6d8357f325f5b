"""Open cases of the same kind close by."""

from __future__ import annotations

import pytest

from cases import duplicates, owner
from engine.models import Definition
from tests import town as cast

LATITUDE, LONGITUDE = cast.DIEN_HONG
#: Degrees of latitude per metre.
METRE = 1 / 111_195


def at(metres_north: float) -> tuple[float, float]:
    return LATITUDE + metres_north * METRE, LONGITUDE


def near(category: str = "pothole", **limits: int) -> list[tuple[str, int]]:
    found = duplicates.nearby(category, LATITUDE, LONGITUDE, **limits)
    return [(one.tracking_code, one.distance_m) for one in found]


def test_the_nearest_comes_first_and_what_is_outside_the_radius_not_at_all(town: Definition) -> None:
    far, close, middle = (cast.report(at=at(metres)).tracking_code for metres in (-49, 4, 30))
    cast.report(at=at(51))
    assert near() == [(close, 0), (middle, 30), (far, 50)]
    assert near(limit=1) == [(close, 0)]


def test_the_radius_is_round_also_where_degrees_are_narrow(town: Definition) -> None:
    east = LONGITUDE + 49 * METRE / 0.97037  # cosine of the latitude
    inside = cast.report(at=(LATITUDE, east)).tracking_code
    cast.report(at=(LATITUDE + 40 * METRE, LONGITUDE + 40 * METRE))
    assert near() == [(inside, 50)]


def test_other_kinds_and_cases_that_have_ended_are_left_out(town: Definition) -> None:
    cast.report(category="road-sign")
    owner.withdraw(cast.report().case)
    assert near() == []
    waiting = cast.resolved()
    assert near() == [(waiting.tracking_code, 0)]
    owner.give_feedback(waiting, "satisfied")
    assert near() == []


@pytest.mark.parametrize("category", ["public-disorder", "public-service", "volcano"])
def test_sensitive_and_unknown_kinds_have_no_duplicates(town: Definition, category: str) -> None:
    if category != "volcano":
        cast.report(category=category)
    assert near(category) == []


def test_a_case_is_no_duplicate_of_itself(town: Definition) -> None:
    case, other = cast.report().case, cast.report(at=at(20)).case
    assert [one.tracking_code for one in duplicates.of(case)] == [other.tracking_code]
    assert duplicates.of(cast.report(at=(None, None), address="Gần chợ Yên Thế").case) == []


def test_distances_are_those_of_the_earth() -> None:
    hanoi, saigon = (21.0285, 105.8542), (10.8231, 106.6297)
    assert duplicates.distance_m(hanoi, saigon) == pytest.approx(1_137_000, rel=0.01)
    assert duplicates.distance_m(hanoi, hanoi) == 0
