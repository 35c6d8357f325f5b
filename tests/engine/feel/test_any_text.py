"""Whatever stands in an upload: a value, or an error that says what is wrong; never anything else."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import FeelError, compile_expression, compile_unary_tests, to_json
from engine.feel.builtins.strings import matches, replace, split
from engine.feel.text import write_value
from tests.engine.feel.writing import EXPRESSIONS, NAMES, SCRAMBLED, VALUES

CASES = st.dictionaries(st.sampled_from(NAMES[:-1]), VALUES, max_size=4)


def evaluate(source: str, case: dict[str, object]) -> None:
    """Compile, run, and write down in both ways."""
    with suppress(FeelError):
        value = compile_expression(source, names=NAMES[:-1])(case)
        write_value(value)
        to_json(value)


@settings(max_examples=300, deadline=None)
@given(EXPRESSIONS, CASES)
def test_an_expression_of_the_grammar_has_a_value_or_a_finding(source: str, case: dict[str, object]) -> None:
    evaluate(source, case)


@settings(max_examples=200, deadline=None)
@given(SCRAMBLED, CASES)
def test_any_text_has_a_value_or_a_finding(source: str, case: dict[str, object]) -> None:
    evaluate(source, case)


@settings(max_examples=200, deadline=None)
@given(st.one_of(EXPRESSIONS, SCRAMBLED, st.binary().map(lambda raw: raw.decode("latin-1"))), VALUES, CASES)
def test_any_cell_passes_or_not_or_is_a_finding(source: str, tested: object, case: dict[str, object]) -> None:
    with suppress(FeelError):
        assert compile_unary_tests(source, names=NAMES[:-1]).matches(tested, case) in (True, False)


@settings(max_examples=200, deadline=None)
@given(st.text("ab(|)*+?[]{}^$.\\dpLi12,-", max_size=30), st.text("ab1\n", max_size=60), st.text("smixqz", max_size=2))
def test_any_regular_expression_is_run_within_bounds_or_refused(pattern: str, text: str, flags: str) -> None:
    runs: list[Callable[[], object]] = [
        lambda: matches(_free, text, pattern, flags),
        lambda: replace(_free, text, pattern, "$1", flags),
        lambda: split(_free, text, pattern),
    ]
    for run in runs:
        with suppress(FeelError):
            run()


def _free(_: int) -> None:
    """A meter that lets everything pass."""
