"""The cases of the DMN Technology Compatibility Kit, where the machine has them.

`CASEWAY_TCK` names a folder of the kit; without it, one beside the project is looked for.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bench import tck
from bench.tck_files import load

PROJECT = Path(__file__).parents[3]
KIT = Path(os.environ.get("CASEWAY_TCK") or PROJECT.parent / "shared" / "data" / "dmn-tck")

#: What is not executed, on purpose: functions of Java, which would run foreign code.
REFUSED = {"0076-feel-external-java"}

CASES = [case for folder in tck.folders([KIT]) if folder.name not in REFUSED for case in tck.cases(folder)]


@pytest.mark.skipif(not KIT.is_dir(), reason="the kit is not on this machine")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_of_the_kit_comes_out_as_expected(case: tck.Case) -> None:
    assert case.difference() == ""


@pytest.mark.skipif(not KIT.is_dir(), reason="the kit is not on this machine")
def test_java_is_refused_by_every_case_that_asks_for_it() -> None:
    cases = [case for folder in tck.folders([KIT]) if folder.name in REFUSED for case in tck.cases(folder)]
    for model in {case.model for case in cases}:
        texts = {problem.code for problem in load(model).problems}
        assert texts == {"external_function", "expression"}
