"""How often and after which pauses: what a diagram or a handler may say, and what it comes to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine import retries
from engine.retries import BadRetry, Retry

NONSENSE = (
    "", "R", "R3", "R3/", "R0/PT1M", "R101/PT1M", "R/PT1M", "-R3/PT1M", "three times", "R3/PT0S", "PT1M/", "R3/P1Y", "R3/PT1.5S",
    "R3/PT1M,", "R3/PT1M/PT10S", "R3/PT1M/PT1H/PT2H", "R3/PT1M,PT2M/PT1H", "PT1M/PT1H", "R3/P31D", "${retries}", "=3", "R٣/PT1M",
    "PT", "P", "R3/PT99999999999S",
)  # fmt: skip


def pauses(retry: Retry) -> list[float | None]:
    """The seconds between all attempts."""
    return [None if (one := retry.pause(n)) is None else one.total_seconds() for n in range(1, retry.attempts + 1)]


def test_a_growing_pause_doubles_up_to_its_cap_and_is_shortened_by_a_quarter_at_most() -> None:
    longest = [10, 20, 40, 60, 60, None]

    for _ in range(50):
        for found, most in zip(pauses(retries.read("R6/PT10S/PT1M")), longest, strict=True):
            assert (found is None) == (most is None)
            assert found is None or most is None or 0.75 * most <= found <= most


def test_growing_pauses_differ_so_that_what_failed_together_does_not_come_back_together() -> None:
    assert len({retries.read("R5/PT10S").pause(1) for _ in range(20)}) > 1


def test_listed_pauses_are_kept_as_written_and_the_last_one_comes_again() -> None:
    assert pauses(retries.read("R5/PT1M,PT30M")) == [60, 1800, 1800, 1800, None]
    assert pauses(retries.read("PT1M,PT1H,P1D")) == [60, 3600, 86400, None]


def test_a_single_pause_of_camunda_stays_the_same() -> None:
    assert pauses(retries.read("R3/PT10M", is_growing=False)) == [600, 600, None]


def test_handlers_may_list_seconds_or_write_as_diagrams_do() -> None:
    assert pauses(retries.of((10, 60))) == [10, 60, None]
    assert pauses(retries.of(())) == [None]
    assert retries.of("R5/PT10S") == retries.read("R5/PT10S")


@pytest.mark.parametrize(
    "text", ["R5/PT10S", "R6/PT10S/PT1M", "R1/P1D", "R5/PT1M,PT30M", "PT1M,PT1H,P1D", "P1W", "R3/P2D"]
)
def test_what_is_kept_as_text_is_read_as_the_same(text: str) -> None:
    for is_growing in (True, False):
        if is_growing or text.count("/") < 2:
            kept = retries.read(text, is_growing=is_growing)
            again = retries.read(str(kept))
            assert (again.attempts, again.factor) == (kept.attempts, kept.factor)
            assert pauses(again) == pauses(kept) or kept.factor > 1


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(BadRetry):
        retries.read(text)


@pytest.mark.parametrize("text", ["PT0S", "PT13H", "10", "", "P1M", "-PT1S"])
def test_a_limit_of_time_is_between_a_second_and_twelve_hours(text: str) -> None:
    with pytest.raises(BadRetry):
        retries.time_limit(text)


def test_a_limit_of_time_is_read() -> None:
    assert retries.time_limit("PT1H30M") == timedelta(minutes=90)
