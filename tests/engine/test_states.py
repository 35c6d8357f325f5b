"""States that were stored by any version of the engine go on today, to the same end."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from engine.spiff import upgrades
from tests.engine.processes.lives import LIVES
from tests.engine.test_processes import Walk, uploaded

HERE = Path(__file__).parent / "states"
KEPT = [
    pytest.param(kept, id=f"{path.stem}-{kept['process']}-{kept['case']}-{kept['lines']}")
    for path in sorted(HERE.glob("*.json"))
    for kept in json.loads(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("kept", KEPT)
def test_a_state_of_any_version_goes_on_to_the_end(kept: dict[str, str | int]) -> None:
    life = LIVES[str(kept["process"])][str(kept["case"])]
    walk = Walk(uploaded(str(kept["process"])), life, reload=True)
    walk.hours = int(kept["hours"])
    walk.read_back(base64.b64decode(str(kept["state"])))
    for line in life.lines[int(kept["lines"]) :]:
        walk.go(line)
    assert walk.run.variables() == dict(life.left)


def test_every_version_has_its_states() -> None:
    assert {int(path.stem) for path in HERE.glob("*.json")} == {*upgrades.UPGRADES, upgrades.VERSION}
