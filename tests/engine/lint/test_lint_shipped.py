"""The processes the house ships keep every rule."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.lint import Vocabulary, check

SHIPPED = sorted(path for path in (Path(__file__).parents[3] / "bpmn").iterdir() if path.is_dir())


@pytest.mark.parametrize("directory", SHIPPED, ids=lambda path: path.name)
def test_a_shipped_process_has_no_errors(directory: Path) -> None:
    files = {
        path.relative_to(directory).as_posix(): path.read_bytes() for path in directory.rglob("*") if path.is_file()
    }
    text = b"".join(content for name, content in files.items() if name.endswith(".bpmn")).decode()
    known = Vocabulary(handlers=set(re.findall(r'camunda:topic="([^"]+)"', text)), functions={"due_within"})
    errors = [finding for finding in check(files, known) if finding.severity == "error"]
    assert [finding.message_en for finding in errors] == []
