"""Every rule: the smallest bundle that breaks it, and the same bundle mended."""

from __future__ import annotations

import pytest

from engine.lint.texts import RULES
from engine.lint.texts.rewrites import GIVEN_UP
from tests.engine.lint.asking import findings, rules
from tests.engine.lint.examples import EXAMPLES


def test_every_rule_has_an_example() -> None:
    assert set(EXAMPLES) == set(RULES) - set(GIVEN_UP)  # those have their own tests: test_lint_apart.py


@pytest.mark.parametrize("rule", sorted(EXAMPLES))
def test_the_smallest_wrong_bundle_breaks_this_rule_and_no_other(rule: str) -> None:
    example = EXAMPLES[rule]
    assert rules(example.wrong, answers=example.answers) == {rule, *example.also}


@pytest.mark.parametrize("rule", sorted(EXAMPLES))
def test_the_mended_bundle_has_nothing_wrong_at_all(rule: str) -> None:
    assert [finding.message_en for finding in findings(EXAMPLES[rule].right)] == []


@pytest.mark.parametrize("rule", sorted(EXAMPLES))
def test_a_finding_says_in_both_languages_what_is_wrong_and_what_to_do(rule: str) -> None:
    example = EXAMPLES[rule]
    found = next(one for one in findings(example.wrong, answers=example.answers) if one.rule == rule)
    texts = [found.message_vi, found.message_en, found.remedy_vi, found.remedy_en]
    assert len(set(texts)) == 4
    assert all("{" not in text.replace("${", "") and text.strip() for text in texts)
