"""Ask the reporter for what is missing; the city's clocks stand until the answer."""

from __future__ import annotations

import notifications
from cases import cases
from engine.registry import handler
from handlers import answers


@handler("ask_reporter", transactional=True)
def ask_reporter(case_id: int, instance_id: int, by: str) -> dict[str, str]:
    """Ask in the intake desk's words; until when an answer is awaited."""
    case = cases.get(case_id)
    question = answers.text(answers.latest(instance_id, "intake_check"), "message")
    answer_until = cases.ask(case, question, by=by)
    notifications.send("question_asked", case, question=question, answer_until=answer_until)
    return {"answer_until": answer_until.isoformat()}
