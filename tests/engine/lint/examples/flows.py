"""Flows, gateways and loops."""

from __future__ import annotations

from tests.engine import drawing as d
from tests.engine.lint.asking import Example, choice, example, person, row

START, END = d.start(), d.end()
A, B = person("a"), person("b")
INNER = d.subprocess("a", d.start("s"), d.end("e"), d.flow("s", "e"))
SHORT = d.timer("timeDuration", '"PT1H"')
HOURLY = '<bpmn:startEvent id="too">' + d.timer("timeCycle", '"R/PT1H"') + "</bpmn:startEvent>"
LONG = d.timer("timeDuration", '"P2D"')
OUTSIDE, ANSWERED = d.message("answered")


def events(*targets: str, more: str = "", outside: str = OUTSIDE) -> bytes:
    """Start → event gateway → m or n → end."""
    ways = d.path("g", "m", "end") + d.path("g", "n", "end")
    return d.process(START, d.event_gateway("g"), *targets, END, d.flow("start", "g"), ways, more, outside=outside)


def circle(*parts: str, names: tuple[str, ...], default: str = "back") -> bytes:
    """Start → the named nodes → gateway g → back to the first of them, or end."""
    back = f'<bpmn:sequenceFlow id="back" sourceRef="g" targetRef="{names[0]}"/>'
    gateway = d.exclusive("g", default)
    return d.process(START, *parts, gateway, END, d.path("start", *names, "g"), d.flow("g", "end", "done"), back)


def diamonds(count: int, width: int = 2, first: int = 0) -> str:
    """Parallel parts in a row: f0 … j0 → f1 … j1 → …"""
    parts = []
    for number in range(first, first + count):
        split, join = f"f{number}", f"j{number}"
        steps = [f"s{number}x{branch}" for branch in range(width)]
        parts += [d.parallel(split), d.parallel(join), *map(person, steps)]
        parts += [d.path(split, step, join) for step in steps]
        parts += [d.flow(f"j{number - 1}", split)] if number > first else []
    return "".join(parts)


def in_a_row(count: int, width: int = 2) -> bytes:
    return d.process(START, diamonds(count, width), END, d.flow("start", "f0"), d.flow(f"j{count - 1}", "end"))


def looped(inside: str, first: str, last: str) -> bytes:
    back = f'<bpmn:sequenceFlow id="back" sourceRef="g" targetRef="{first}"/>'
    rest = d.flow("start", first) + d.flow(last, "g") + d.flow("g", "end", "done")
    return d.process(START, inside, d.exclusive("g", "back"), END, rest, back)


def joined(*start: str, gathering: str) -> bytes:
    """One of two ways comes to a gateway that gathers."""
    flows = d.path("start", "x", "a", "j", "end") + d.flow("x", "j", "= n > 1")
    return d.process(*start, d.exclusive("x", "x_a"), A, gathering, END, flows)


def agreeing() -> bytes:
    """Two branches, one of which may go elsewhere than to the join."""
    nodes = (START, d.parallel("g"), A, d.exclusive("x", "x_over"), d.parallel("j"), END, d.end("over"))
    flows = (d.path("start", "g", "a", "j", "end"), d.path("g", "x", "over"), d.flow("x", "j", "= n > 1"))
    return d.process(*nodes, *flows)


EXAMPLES: dict[str, Example] = {
    "dangling-flow": example(row(A, d.flow("a", "nowhere")), row(A)),
    "flow-across-scopes": example(
        d.process(
            START,
            d.subprocess("a", d.start("s"), d.end("e"), d.flow("s", "e"), d.flow("s", "end")),
            END,
            d.path("start", "a", "end"),
        ),
        d.process(START, INNER, END, d.path("start", "a", "end")),
    ),
    "flow-into-start": example(choice(more=d.flow("a", "start")), choice(), "split-drawn"),
    "flow-out-of-end": example(
        d.process(START, A, END, d.end("over"), d.path("start", "a", "end", "over")),
        d.process(START, A, d.end("over"), d.path("start", "a", "over")),
    ),
    "implicit-split": example(
        d.process(START, A, END, d.end("over"), d.path("start", "a", "end"), d.flow("a", "over", "x")),
        d.process(START, A, d.parallel("g"), END, d.end("over"), d.path("start", "a", "g", "end"), d.flow("g", "over")),
        "condition-ignored",
    ),
    "condition-ignored": example(
        d.process(START, A, END, d.flow("start", "a"), d.flow("a", "end", "x > 1")),
        d.process(START, A, END, d.flow("start", "a"), d.flow("a", "end")),
    ),
    "unreachable": example(row(A, B, d.flow("b", "end")), row(A, B, names=("a", "b"))),
    "dead-end": example(
        d.process(START, d.parallel("g"), A, d.exclusive("x"), END, d.path("start", "g", "a", "x"), d.flow("g", "end")),
        d.process(START, d.parallel("g"), A, END, d.path("start", "g", "a", "end"), d.flow("g", "end")),
    ),
    "missing-start": example(
        d.process(A, d.exclusive("g", "g_end"), END, d.path("a", "g", "end"), d.flow("g", "a", "= x")), row(A)
    ),
    "several-starts": example(
        d.process(START, d.start("too"), A, END, d.path("start", "a", "end"), d.flow("too", "a")),
        d.process(START, HOURLY, A, END, d.path("start", "a", "end"), d.flow("too", "a")),
    ),
    "endless": example(
        d.process(START, A, d.exclusive("g"), d.path("start", "a", "g", "a")),
        circle(A, names=("a",)),
    ),
    "gateway-without-default": example(
        d.process(
            START,
            d.exclusive("g"),
            A,
            END,
            d.flow("start", "g"),
            d.flow("g", "a", "x"),
            d.flow("a", "end"),
            d.flow("g", "end", "not(x)"),
        ),
        choice(),
        "default-proposed",
    ),
    "unknown-default-flow": example(choice(gateway=d.exclusive("g", "a_end")), choice(), "flow-without-condition"),
    "default-flow-with-condition": example(
        d.process(
            START,
            d.exclusive("g", "g_end"),
            A,
            END,
            d.flow("start", "g"),
            d.flow("g", "a", "x"),
            d.flow("a", "end"),
            d.flow("g", "end", "not(x)"),
        ),
        choice(),
    ),
    "flow-without-condition": example(choice(condition=""), choice()),
    "same-condition-twice": example(
        choice("= x = 1", more=B + d.flow("g", "b", "x == 1".replace("==", " =")) + d.flow("b", "end")),
        choice("= x = 1", more=B + d.flow("g", "b", "x = 2") + d.flow("b", "end")),
    ),
    "event-gateway-target": example(
        events(d.catch("m", ANSWERED), person("n")), events(d.catch("m", ANSWERED), d.catch("n", SHORT))
    ),
    "event-gateway-target-shared": example(
        d.process(
            START,
            d.exclusive("x", "x_g"),
            d.event_gateway("g"),
            d.catch("m", ANSWERED),
            d.catch("n", SHORT),
            END,
            d.path("start", "x", "g"),
            d.path("g", "m", "end"),
            d.path("g", "n", "end"),
            d.flow("x", "m", "late"),
            outside=OUTSIDE,
        ),
        events(d.catch("m", ANSWERED), d.catch("n", SHORT)),
    ),
    "event-gateway-two-timers": example(
        events(d.catch("m", SHORT), d.catch("n", LONG), outside=""), events(d.catch("m", ANSWERED), d.catch("n", LONG))
    ),
    "event-gateway-same-message": example(
        events(d.catch("m", ANSWERED), d.catch("n", ANSWERED)), events(d.catch("m", ANSWERED), d.catch("n", LONG))
    ),
    "loop-without-wait": example(
        circle(d.script("a", "x = x + 1"), names=("a",)),
        circle(d.script("a", "x = x + 1"), d.catch("b", SHORT), names=("a", "b")),
    ),
    "loop-without-choice": example(
        d.process(START, A, d.parallel("g"), END, d.path("start", "a", "g", "end"), d.flow("g", "a")),
        circle(A, names=("a",)),
    ),
    "parallel-chain": example(in_a_row(4), in_a_row(3)),
    "parallel-width": example(in_a_row(3, width=8), in_a_row(2, width=8)),
    "join-waits-for-ever": example(joined(START, gathering=d.parallel("j")), joined(START, gathering=d.exclusive("j"))),
    "join-may-wait": example(agreeing(), row(A)),
}
