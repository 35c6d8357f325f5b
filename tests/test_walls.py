"""The house rules that a machine can check: which way imports point, and what may stand where."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("terminal", "api", "web", "words", "handlers", "notifications", "cases", "engine", "servers")
MODULES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))] + sorted(ROOT.glob("*.py"))
LONGEST_FILE, LONGEST_FUNCTION = 300, 30


def test_imports_point_down() -> None:
    script = Path(sys.executable).with_name("lint-imports")
    said = subprocess.run([script, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603  # our own tool

    assert said.returncode == 0, said.stdout


def test_commits_stand_in_the_one_place_for_them() -> None:
    places = [path for path in MODULES if re.search(r"\.commit\(\)", path.read_text(encoding="utf-8"))]

    assert [str(path.relative_to(ROOT)) for path in places] == ["engine/base.py"]


def test_the_time_of_the_machine_is_asked_in_the_clock_only() -> None:
    asking = re.compile(r"datetime\.now\(|utcnow\(|date\.today\(")
    places = {str(path.relative_to(ROOT)) for path in MODULES if asking.search(path.read_text(encoding="utf-8"))}

    assert places <= {"engine/clock.py"}


def test_nothing_of_a_diagram_is_evaluated_as_python() -> None:
    risky = re.compile(r"(?<![\w.])(eval|exec|compile|__import__)\(|pickle|marshal\.loads|yaml\.load\(")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in MODULES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if risky.search(line.split("#")[0]) and not line.lstrip().startswith(('"""', "'"))
    ]

    assert found == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    long = [
        f"{node.name} ({_code_lines(text, node)} lines)"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _code_lines(text, node) > LONGEST_FUNCTION
    ]

    assert long == []
    assert text.count("\n") <= LONGEST_FILE


def _code_lines(text: str, node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring, comments and blank lines."""
    lines = text.splitlines()[node.lineno - 1 : node.end_lineno]
    docstring = ast.get_docstring(node, clean=False) or ""
    code = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    return len(code) - (len([line for line in docstring.splitlines() if line.strip()]) if docstring else 0)
