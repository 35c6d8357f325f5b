"""Writes the stored states of today's version: every life of `tests.engine.processes` after each of its lines but the last."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from tests.engine.processes.lives import LIVES
from tests.engine.test_processes import Walk, uploaded


def main() -> None:
    """Write `<version>.json` beside this file.

    Raises: FileExistsError when that version has its states already.
    """
    kept: list[dict[str, str | int]] = []
    for name, lives in LIVES.items():
        for case, life in lives.items():
            walk = Walk(uploaded(name), life, reload=False)
            for number, line in enumerate(life.lines[:-1], 1):
                walk.go(line)
                blob = walk.run.dump()
                state = base64.b64encode(blob).decode()
                kept.append({"process": name, "case": case, "lines": number, "hours": walk.hours, "state": state})
    version = base64.b64decode(str(kept[0]["state"]))[0]
    with (Path(__file__).parent / f"{version}.json").open("x", encoding="utf-8") as file:
        json.dump(kept, file, indent=0)


if __name__ == "__main__":
    main()
