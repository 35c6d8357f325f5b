"""Nothing that happens is left without words."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from cases.models import Event
from engine import clock
from settings import ROOT
from web.pages.staff import happened

RECORDED = re.compile(r'(?:record|_resolve)\(\s*\w+,\s*"([a-z_]+)"')
ROOMS = ("cases", "handlers", "notifications", "web")


def names() -> list[str]:
    """Every event some room writes down, and those of the engine that are told."""
    sources = [path.read_text(encoding="utf-8") for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    recorded = {name for source in sources for name in RECORDED.findall(source)}
    told = (ROOT / "cases/history.py").read_text(encoding="utf-8").split("TOLD = frozenset(")[1].split(")")[0]
    return sorted(recorded | set(re.findall(r'"([a-z_]+)"', told)))


def test_the_names_of_events_are_found() -> None:
    assert {"report_received", "case_accepted", "result_published", "task_completed", "timer_fired"} <= set(names())


@pytest.mark.parametrize("name", names())
def test_every_event_has_a_sentence(app: Flask, name: str) -> None:
    event = Event(name=name, at=clock.now(), by="system", particulars={}, public_step="received")

    with app.test_request_context("/en"):
        assert name in happened.sentences()
        assert happened.sentence(event, {})


def test_an_event_nobody_knows_is_said_as_it_is(app: Flask) -> None:
    with app.test_request_context("/en"):
        assert happened.sentence(Event(name="moon_landed", particulars={}), {}) == "Moon landed"


def test_a_refusal_is_told_with_its_reason_and_words(app: Flask) -> None:
    particulars = {"reason": "not-competent", "message": "Việc này do Sở Xây dựng giải quyết."}
    event = Event(name="case_refused", at=clock.now(), by="system", particulars=particulars)

    with app.test_request_context("/en"):
        line = happened.lines([event])[0]

    assert line["detail"] == "Outside our competence\nViệc này do Sở Xây dựng giải quyết."
    assert line["by"] is None
