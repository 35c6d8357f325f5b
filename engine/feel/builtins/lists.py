"""Functions of lists: what is in them, putting them together, taking them apart. Source: DMN 1.4, 10.3.4.4, 10.3.4.6."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import datetime, time
from decimal import Decimal

from engine.feel.builtins.signatures import builtin
from engine.feel.calendar import position
from engine.feel.limits import check_size, check_weight
from engine.feel.operators import equal, less
from engine.feel.values import Function, Range, Value


@builtin("list contains(list: list, element: Any)")
def list_contains(items: list[Value], element: Value) -> bool:
    """Whether an item equals the element."""
    return any(equal(item, element) is True for item in items)


@builtin("count(list: list)", gathers=True)
def count(items: list[Value]) -> Decimal:
    """How many items."""
    return Decimal(len(items))


@builtin("sublist(list: list, start position: number, length?: number?)")
def sublist(items: list[Value], start: Decimal, length: Decimal | None = None) -> list[Value] | None:
    """The part from a position, counted from 1 or, when negative, from the end."""
    first = _place(items, start)
    if first is None:
        return None
    if length is None:
        return items[first:]
    end = first + int(length)
    return items[first:end] if int(length) >= 0 and end <= len(items) else None


@builtin("append(list: list, item...: Any)")
def append(items: list[Value], *more: Value) -> list[Value]:
    """With more items at the end."""
    return [*items, *more]


@builtin("concatenate(list...: list)")
def concatenate(*lists: list[Value]) -> list[Value]:
    """One list after the other."""
    check_size(sum(len(items) for items in lists))
    return [item for items in lists for item in items]


@builtin("insert before(list: list, position: number, newItem: Any)")
def insert_before(items: list[Value], position: Decimal, item: Value) -> list[Value] | None:
    """With one more item at a position."""
    place = _place(items, position)
    return None if place is None else [*items[:place], item, *items[place:]]


@builtin("remove(list: list, position: number)")
def remove(items: list[Value], position: Decimal) -> list[Value] | None:
    """Without the item at a position."""
    place = _place(items, position)
    return None if place is None else [*items[:place], *items[place + 1 :]]


@builtin("list replace(list: list, position: number, newItem: Any)")
def replace_at(items: list[Value], position: Decimal, item: Value) -> list[Value] | None:
    """With another item at a position."""
    place = _place(items, position)
    return None if place is None else [*items[:place], item, *items[place + 1 :]]


@builtin("list replace(list: list, match: function, newItem: Any)")
def replace_matching(items: list[Value], match: Function, item: Value) -> list[Value] | None:
    """With another item wherever the function says so of the old and the new one."""
    verdicts = [match(old, item) for old in items]
    if not all(isinstance(verdict, bool) for verdict in verdicts):
        return None
    return [item if verdict else old for old, verdict in zip(items, verdicts, strict=True)]


@builtin("reverse(list: list)")
def reverse(items: list[Value]) -> list[Value]:
    """From the last to the first."""
    return items[::-1]


@builtin("index of(list: list, match: Any)")
def index_of(items: list[Value], match: Value) -> list[Value]:
    """The positions of all items equal to this."""
    return [Decimal(place) for place, item in enumerate(items, start=1) if equal(item, match) is True]


@builtin("union(list...: list)")
def union(*lists: list[Value]) -> list[Value]:
    """All items of all lists, each once."""
    return distinct_values(concatenate(*lists))


@builtin("distinct values(list: list)")
def distinct_values(items: list[Value]) -> list[Value]:
    """Each item once, in the order of first appearance."""
    check_weight(items)
    seen: dict[Hashable, Value] = {}
    for item in items:
        seen.setdefault(identity(item), item)
    return list(seen.values())


@builtin("flatten(list: list)")
def flatten(items: list[Value]) -> list[Value]:
    """The items of all lists inside one another in one list."""
    check_weight(items)
    return list(_leaves(items))


@builtin("sort(list: list, precedes?: function)")
def sort(items: list[Value], precedes: Function | None = None) -> list[Value] | None:
    """In the order the function gives, or in the natural one."""
    if precedes is None:
        return sorted(items, key=_Natural) if _comparable(items) else None
    if len(precedes.parameters) != 2:
        return None
    order = precedes

    class Placed:
        def __init__(self, item: Value) -> None:
            self.item = item

        def __lt__(self, other: Placed) -> bool:
            return order(self.item, other.item) is True

    return sorted(items, key=Placed)


class _Natural:
    def __init__(self, item: Value) -> None:
        self.item = item

    def __lt__(self, other: _Natural) -> bool:
        return less(self.item, other.item) is True


def identity(value: Value) -> Hashable:
    """Something that is the same for equal values and different for others."""
    if isinstance(value, list):
        return list, tuple(identity(item) for item in value)
    if isinstance(value, dict):
        return dict, frozenset((key, identity(item)) for key, item in value.items())
    if isinstance(value, datetime | time):
        return type(value), value.tzinfo is None, position(value.replace(microsecond=0))
    if isinstance(value, Range):
        return Range, identity(value.low), identity(value.high), value.low_included, value.high_included, value.sign
    return type(value), value


def _leaves(items: list[Value]) -> Iterable[Value]:
    for item in items:
        if isinstance(item, list):
            yield from _leaves(item)
        else:
            yield item


def _comparable(items: list[Value]) -> bool:
    return all(less(items[0], item) is not None for item in items)


def _place(items: list[Value], position: Decimal) -> int | None:
    """The index of a position counted from 1, or from the end when negative; null outside the list."""
    if position.adjusted() > 9:
        return None
    place = int(position)
    index = place - 1 if place > 0 else len(items) + place
    return index if place and 0 <= index < len(items) else None
