"""What is measured is explained, and what it is compared with still runs."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import select

from bench import deploy, durable, steps, timers
from bench.__main__ import BENCHES
from bench.journey import files
from bench.plain import plainly
from bench.small.lean import Lean
from cases import city, city_file, shipped
from engine import definitions
from engine.base import db, session, transaction
from engine.models import Instance, InstanceStatus
from settings import ROOT

PAGE = ROOT / "docs/performance.md"


def test_every_bench_is_explained_and_no_other_is() -> None:
    rows = re.findall(r"^\| `([a-z_]+)` \| `", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(rows) == sorted(BENCHES)


def test_every_line_it_prints_is_explained() -> None:
    page = PAGE.read_text(encoding="utf-8")
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "bench").glob("*.py"))
    printed = set(re.findall(r"""\bline\(\s*"([a-z_0-9]+)",""", sources))

    assert {"case_journey", "timers_fired", "deploy_299_nodes"} <= printed
    assert {name for name in printed if f"`{name}`" not in page} == set()


def test_the_same_case_runs_with_our_state_and_with_that_of_the_library(app: Flask) -> None:
    with transaction():
        city.load(city_file.read(ROOT / "cities/pleiku/city.toml"))
        shipped.deploy_if_missing(by="mai")
    ours = definitions.process(definitions.active(durable.KEY))
    with durable.answering():
        for process in (ours, durable.PlainProcess(plainly(ours, files()))):
            with durable.executing(process):
                durable.run_case()

    assert session().scalars(select(Instance.status)).all() == [InstanceStatus.ENDED] * 2


def test_the_embedding_by_hand_runs_on_the_library_as_it_was_published(app: Flask) -> None:
    url = db.engine.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    lean = Lean(url)
    try:
        lean.run()
        states = lean.connection.execute("SELECT status FROM lean.instance").fetchall()
    finally:
        lean.connection.execute("DROP SCHEMA lean CASCADE")
        lean.connection.commit()
        lean.connection.close()

    assert states == [("complete",)]


def test_the_diagrams_it_draws_may_be_deployed(app: Flask) -> None:
    drawings = {
        "steps": steps.diagram(2),
        "timers": timers.DIAGRAM.encode(),
        "deploy": deploy.drawing("Large", blocks=2),
    }
    with transaction():
        city.load(city_file.read(ROOT / "cities/pleiku/city.toml"))
        states = [definitions.deploy({f"{name}.bpmn": xml}, by="mai").state for name, xml in drawings.items()]

    assert states == ["active"] * 3
