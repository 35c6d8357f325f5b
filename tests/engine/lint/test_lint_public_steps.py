"""Whose steps citizens must be told, and whose not."""

from __future__ import annotations

from engine.lint import Vocabulary, check
from tests.engine import drawing as d


def test_an_escalation_beside_the_work_needs_no_public_step() -> None:
    late = d.boundary("late", "work", d.timer("timeDuration", '"PT1H"'), interrupting=False)
    xml = d.process(
        d.start(), d.user("work", publicStep="in_progress"), d.end(), d.path("start", "work", "end"),
        late, d.user("escalation"), d.end("noted"), d.path("late", "escalation", "noted"),
    )  # fmt: skip

    assert [f.element_id for f in check({"a.bpmn": xml}, Vocabulary({}, {}))] == []


def test_a_task_the_main_path_leads_to_as_well_needs_a_public_step() -> None:
    late = d.boundary("late", "work", d.timer("timeDuration", '"PT1H"'), interrupting=True)
    xml = d.process(
        d.start(), d.user("work", publicStep="in_progress"), d.end(), d.path("start", "work", "end"),
        late, d.user("instead"), d.end("noted"), d.path("late", "instead", "noted"),
    )  # fmt: skip

    assert [f.element_id for f in check({"a.bpmn": xml}, Vocabulary({}, {}))] == ["instead"]


def test_what_interrupts_a_task_beside_the_work_is_beside_it_too() -> None:
    late = d.boundary("late", "work", d.timer("timeDuration", '"PT1H"'), interrupting=False)
    silent = d.boundary("silent", "escalation", d.timer("timeDuration", '"PT2H"'), interrupting=True)
    xml = d.process(
        d.start(), d.user("work", publicStep="in_progress"), d.end(), d.path("start", "work", "end"),
        late, d.user("escalation"), d.end("noted"), d.path("late", "escalation", "noted"),
        silent, d.user("higher"), d.end("told"), d.path("silent", "higher", "told"),
    )  # fmt: skip

    assert [f.element_id for f in check({"a.bpmn": xml}, Vocabulary({}, {}))] == []
