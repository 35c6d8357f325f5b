"""Process data is JSON: the way into expressions and out again."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feel import (
    FeelError,
    FeelLimit,
    Function,
    Range,
    Value,
    YearMonthDuration,
    compile_expression,
    from_json,
    to_json,
)

SCALAR = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | st.text(max_size=8)
)
JSON = st.recursive(
    SCALAR,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_json_comes_back_as_it_went_in(data: object) -> None:
    assert to_json(from_json(data)) == data


@given(JSON)
def test_what_comes_out_is_json(data: object) -> None:
    assert json.loads(json.dumps(to_json(compile_expression("{a: data, b: [data, 1.5]}")({"data": data})))) == {
        "a": data,
        "b": [data, 1.5],
    }


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_the_number_people_see(number: float) -> None:
    assert to_json(from_json(number)) == pytest.approx(number, rel=1e-15)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("3.0"), 3),
        (Decimal("3.5"), 3.5),
        (Decimal(2**63 - 1), 2**63 - 1),
        (Decimal(2**63), float(2**63)),
        (Decimal("1E+20"), 1e20),
        (date(2026, 11, 20), "2026-11-20"),
        (time(10, 30), "10:30:00"),
        (datetime(2026, 11, 20, 10, 30, tzinfo=UTC), "2026-11-20T10:30:00+00:00"),
        (timedelta(hours=26), "P1DT2H"),
        (timedelta(minutes=-90), "-PT1H30M"),
        (timedelta(0), "PT0S"),
        (YearMonthDuration(14), "P1Y2M"),
        (Range(Decimal(1), Decimal(3), low_included=False), "(1..3]"),
        ([Decimal(1), {"a": date(2026, 11, 20)}], [1, {"a": "2026-11-20"}]),
    ],
)
def test_every_value_has_its_form_in_json(value: Value, expected: object) -> None:
    found = to_json(value)
    assert (found, type(found)) == (expected, type(expected))


def test_whole_numbers_come_out_as_integers_and_truth_values_stay_apart() -> None:
    assert json.dumps(to_json(compile_expression("[1.0, 4 / 2, true, 0.5]")({}))) == "[1, 2, true, 0.5]"


def test_texts_that_look_like_dates_stay_texts() -> None:
    assert compile_expression('due = "2026-11-20"')({"due": "2026-11-20"}) is True
    assert compile_expression('date(due) > date("2026-11-19")')({"due": "2026-11-20"}) is True


def test_a_moment_that_was_stored_can_be_read_again() -> None:
    stored = to_json(datetime(2026, 11, 20, 10, 30, 0, 250000, tzinfo=UTC))
    assert compile_expression('date and time(due) < @"2026-11-20T10:30:01Z"')({"due": stored}) is True


def test_tuples_sets_and_enumerations_count_as_what_they_are_made_of() -> None:
    class Channel(StrEnum):
        WEB = "web"

    assert from_json((1, 2)) == [1, 2]
    assert from_json({3}) == [3]
    assert from_json(Channel.WEB) == "web"


def test_a_number_without_end_is_null() -> None:
    assert from_json(float("nan")) is None
    assert from_json(float("inf")) is None


def test_functions_and_numbers_too_large_cannot_be_stored() -> None:
    with pytest.raises(FeelError):
        to_json(Function((), lambda _: None))
    with pytest.raises(FeelLimit):
        to_json(Decimal("1E+400"))


def test_data_given_to_an_expression_is_not_changed() -> None:
    data = {"xs": [1, 2], "deep": {"n": 1}}
    compile_expression('context put(deep, "n", append(xs, 3))')(data)
    assert data == {"xs": [1, 2], "deep": {"n": 1}}
