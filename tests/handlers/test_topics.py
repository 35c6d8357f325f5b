"""What the shipped process asks of the computer is there, and runs inside the step."""

from __future__ import annotations

import re

import pytest

from engine import registry
from settings import ROOT

DIAGRAM = (ROOT / "bpmn/report_case/report_case.bpmn").read_text(encoding="utf-8")
TOPICS = sorted(set(re.findall(r'camunda:topic="([^"]+)"', DIAGRAM)))


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_of_the_diagram_has_a_transactional_handler(topic: str) -> None:
    import handlers

    assert topic in handlers.__all__
    handler = registry.find(topic)
    assert handler is not None
    assert handler.transactional


def test_there_is_no_handler_the_diagram_does_not_use() -> None:
    import handlers

    assert sorted(handlers.__all__) == TOPICS
