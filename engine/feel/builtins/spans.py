"""Functions of ranges: how two of them, or a point and one, lie to each other. Source: DMN 1.4, 10.3.4.10."""

from __future__ import annotations

from collections.abc import Callable

from engine.feel.builtins.signatures import builtin
from engine.feel.operators import conjunction, disjunction, equal, less
from engine.feel.ranges import includes
from engine.feel.values import Range, Value

Verdict = bool | None


def _starts_before(one: Range, other: Range) -> Verdict:
    """Whether the first begins earlier; at the same start, one that includes it."""
    earlier_by_end = one.low_included and not other.low_included
    return disjunction(less(one.low, other.low), conjunction(equal(one.low, other.low), earlier_by_end))


def _ends_before(one: Range, other: Range) -> Verdict:
    """Whether the first ends earlier; at the same end, one that does not include it."""
    earlier_by_end = not one.high_included and other.high_included
    return disjunction(less(one.high, other.high), conjunction(equal(one.high, other.high), earlier_by_end))


def _not(verdict: Verdict) -> Verdict:
    return None if verdict is None else not verdict


@builtin("before(point1: point, point2: point)")
def point_before(one: Value, other: Value) -> Verdict:
    """Whether the point lies before the other."""
    return less(one, other)


@builtin("before(point: point, range: range)")
def point_before_range(point: Value, space: Range) -> Verdict:
    """Whether the point lies before the range."""
    return disjunction(less(point, space.low), conjunction(equal(point, space.low), not space.low_included))


@builtin("before(range: range, point: point)")
def range_before_point(space: Range, point: Value) -> Verdict:
    """Whether the range ends before the point."""
    return disjunction(less(space.high, point), conjunction(equal(space.high, point), not space.high_included))


@builtin("before(range1: range, range2: range)")
def range_before(one: Range, other: Range) -> Verdict:
    """Whether the one range ends before the other begins."""
    apart = not (one.high_included and other.low_included)
    return disjunction(less(one.high, other.low), conjunction(equal(one.high, other.low), apart))


def _mirrored(name: str, body: Callable[..., Verdict], first: str, second: str) -> None:
    """The same question asked from the other side."""
    builtin(f"{name}({first}, {second})")(lambda one, other: body(other, one))


_mirrored("after", point_before, "point1: point", "point2: point")
_mirrored("after", range_before_point, "point: point", "range: range")
_mirrored("after", point_before_range, "range: range", "point: point")
_mirrored("after", range_before, "range1: range", "range2: range")


@builtin("meets(range1: range, range2: range)")
def meets(one: Range, other: Range) -> Verdict:
    """Whether the one ends exactly where the other begins."""
    return conjunction(one.high_included and other.low_included, equal(one.high, other.low))


_mirrored("met by", meets, "range1: range", "range2: range")


def _touches(one: Range, other: Range) -> Verdict:
    """Whether the other begins before the one ends."""
    return _not(range_before(one, other))


@builtin("overlaps(range1: range, range2: range)")
def overlaps(one: Range, other: Range) -> Verdict:
    """Whether the two have anything in common."""
    return conjunction(_touches(one, other), _touches(other, one))


@builtin("overlaps before(range1: range, range2: range)")
def overlaps_before(one: Range, other: Range) -> Verdict:
    """Whether the one begins first and ends within the other."""
    return conjunction(conjunction(_starts_before(one, other), _touches(one, other)), _not(_ends_before(other, one)))


@builtin("overlaps after(range1: range, range2: range)")
def overlaps_after(one: Range, other: Range) -> Verdict:
    """Whether the one begins within the other and ends last."""
    return conjunction(conjunction(_starts_before(other, one), _touches(other, one)), _not(_ends_before(one, other)))


@builtin("finishes(point: point, range: range)")
def point_finishes(point: Value, space: Range) -> Verdict:
    """Whether the point is the end of the range."""
    return conjunction(space.high_included, equal(point, space.high))


@builtin("finishes(range1: range, range2: range)")
def finishes(one: Range, other: Range) -> Verdict:
    """Whether the one is the last part of the other."""
    same_end = conjunction(one.high_included == other.high_included, equal(one.high, other.high))
    return conjunction(same_end, _not(_starts_before(one, other)))


_mirrored("finished by", point_finishes, "range: range", "point: point")
_mirrored("finished by", finishes, "range1: range", "range2: range")


@builtin("includes(range: range, point: point)")
def range_includes(space: Range, point: Value) -> Verdict:
    """Whether the point lies in the range."""
    return includes(space, point)


@builtin("includes(range1: range, range2: range)")
def range_includes_range(one: Range, other: Range) -> Verdict:
    """Whether all of the other lies in the one."""
    return conjunction(_not(_starts_before(other, one)), _not(_ends_before(one, other)))


_mirrored("during", range_includes, "point: point", "range: range")
_mirrored("during", range_includes_range, "range1: range", "range2: range")


@builtin("starts(point: point, range: range)")
def point_starts(point: Value, space: Range) -> Verdict:
    """Whether the point is the start of the range."""
    return conjunction(space.low_included, equal(point, space.low))


@builtin("starts(range1: range, range2: range)")
def starts(one: Range, other: Range) -> Verdict:
    """Whether the one is the first part of the other."""
    same_start = conjunction(one.low_included == other.low_included, equal(one.low, other.low))
    return conjunction(same_start, _not(_ends_before(other, one)))


_mirrored("started by", point_starts, "range: range", "point: point")
_mirrored("started by", starts, "range1: range", "range2: range")


@builtin("coincides(point1: point, point2: point)")
def point_coincides(one: Value, other: Value) -> Verdict:
    """Whether the two points are the same."""
    return equal(one, other)


@builtin("coincides(range1: range, range2: range)")
def coincides(one: Range, other: Range) -> Verdict:
    """Whether the two ranges are the same."""
    return equal(one, other)
