"""How much one expression may ask of the machine, and the meter that counts it.

Expressions come from uploaded files. Nothing here depends on the clock: the same expression is refused everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal

from engine.feel.errors import FeelLimit

#: Characters of one expression.
MAX_SOURCE = 10_000
#: Brackets, branches and loops inside one another.
MAX_DEPTH = 50
#: Operators, paths or filters in a row.
MAX_CHAIN = 200
#: Calls of functions inside one another.
MAX_CALLS = 50
#: Steps of one evaluation: turns of loops and calls by the length of what is run, list items, characters.
MAX_STEPS = 400_000
#: Words and signs of an expression that are run, list items that are visited, and characters, to a step.
WORDS_PER_STEP, ITEMS_PER_STEP, CHARACTERS_PER_STEP = 4, 4, 64
#: Steps for working out a constant part when an expression is compiled; one that takes more is left to each run.
FOLDING_STEPS = 1_000
#: Steps for an operation with numbers that is worked out digit by digit.
SLOW_NUMBER_STEPS = 100
#: Items of a list or context with everything inside them, each counted as often as it appears.
MAX_WEIGHT = 100_000
#: Lists and contexts inside one another.
MAX_NESTING = 100
#: Items of one list, entries of one context.
MAX_LIST = 10_000
#: Characters of one string.
MAX_STRING = 50_000
#: Characters of one regular expression.
MAX_PATTERN = 500
#: Copies of a part that the counted repeats of one regular expression may ask for.
MAX_PROGRAM = 5_000

#: Digits before or behind the point beyond which a power is not worked out.
MAX_DIGITS = 6_200

#: Decimal128, as the standard asks. Nothing is trapped: what has no finite result becomes null.
#: Source: DMN 1.4, 10.3.2.3.1 (34 digits, exponent -6143..6144).
NUMBERS = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[])


def finite(number: Decimal) -> Decimal | None:
    """The number itself, or null where an operation had no result."""
    return number if number.is_finite() else None


def bounded_string(text: str) -> str:
    """The text itself. Raises: FeelLimit when it has grown too long."""
    if len(text) > MAX_STRING:
        raise FeelLimit(f"a string may have at most {MAX_STRING} characters")
    return text


def check_size(length: int) -> None:
    """Refuse lists and contexts that are too long. Raises: FeelLimit."""
    if length > MAX_LIST:
        raise FeelLimit(f"a list may have at most {MAX_LIST} items")


def check_weight(value: object) -> None:
    """Refuse lists and contexts that hold too much in all, before anything walks through them. Raises: FeelLimit.

    One list may stand in another many times over, so a short expression can make a tree that nothing could print.
    """
    pending = [(value, 1)]
    weight = 0
    while pending:
        inner, depth = pending.pop()
        items = inner if isinstance(inner, list) else inner.values() if isinstance(inner, dict) else ()
        weight += len(items)
        if weight > MAX_WEIGHT or depth > MAX_NESTING:
            raise FeelLimit(f"a value may hold at most {MAX_WEIGHT} others, {MAX_NESTING} deep")
        pending.extend((item, depth + 1) for item in items if isinstance(item, list | dict))


def cost(value: object) -> int:
    """Steps for going once through a value."""
    if isinstance(value, str):
        return len(value) // CHARACTERS_PER_STEP
    return len(value) // ITEMS_PER_STEP if isinstance(value, list | dict) else 0


class Run:
    """One evaluation: the outermost scope (what the caller gave) and the meter of its work."""

    __slots__ = ("calls", "lifted", "names", "steps")

    #: The outermost scope has none around it.
    outer = None

    def __init__(self, names: Mapping[str, object], steps: int = MAX_STEPS) -> None:
        self.names = names
        self.steps = steps
        self.calls = 0
        #: What the caller gave, by identity, and the value it has been turned into.
        self.lifted: dict[int, tuple[object, object]] | None = None

    @property
    def run(self) -> Run:
        """Itself: every scope knows its run."""
        return self

    def charge(self, steps: int = 1) -> None:
        """Count work. Raises: FeelLimit when the budget of the evaluation is used up."""
        self.steps -= steps
        if self.steps < 0:
            raise FeelLimit(f"the expression takes more than {MAX_STEPS} steps")

    def enter(self, steps: int = 1) -> None:
        """Count a call of a function and the steps it takes. Raises: FeelLimit when calls are nested too deeply."""
        self.calls += 1
        if self.calls > MAX_CALLS:
            raise FeelLimit(f"functions may call each other at most {MAX_CALLS} deep")
        self.charge(steps)

    def leave(self) -> None:
        """The call has returned."""
        self.calls -= 1
