"""The steps of a case's life, each callable on its own: straight after one another, or each in a process of its own."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from cases import cases, history
from cases.models import Case, Deadline, Message
from engine import clock, jobs, timers
from engine.base import session, transaction
from tests import town

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def send(code: str) -> str:
    """A citizen reports a pothole; the answer is the tracking code of the steps that follow."""
    with transaction():
        return town.report().tracking_code


def accept(code: str) -> str:
    with transaction():
        town.do(_case(code), "intake_check", town.INTAKE, decision="accept")
    return code


def ask(code: str) -> str:
    with transaction():
        town.do(_case(code), "intake_check", town.INTAKE, decision="ask", message="Ổ gà nằm trước số nhà nào?")
    return code


def answer(code: str) -> str:
    from cases import owner

    with transaction():
        owner.answer_question(_case(code), "Trước số nhà 15, cạnh quán cà phê.", [])
    return code


def assign(code: str) -> str:
    with transaction():
        town.do(_case(code), "assign", town.LEADER, assignment="assign", official=town.OFFICIAL)
    return code


def resolve(code: str) -> str:
    with transaction():
        town.resolve(_case(code))
    return code


def not_fixed(code: str) -> str:
    from cases import owner

    with transaction():
        owner.give_feedback(_case(code), "not_fixed", None, "Vẫn còn ổ gà.")
    return code


def satisfied(code: str) -> str:
    from cases import owner

    with transaction():
        owner.give_feedback(_case(code), "satisfied", 5, "Cảm ơn.")
    return code


def wait(code: str) -> str:
    """Time passes: whatever is due fires, letters are sent."""
    timers.fire_due()
    jobs.run_waiting()
    return code


STEPS: dict[str, Callable[[str], str]] = {
    step.__name__: step for step in (send, accept, ask, answer, assign, resolve, not_fixed, satisfied, wait)
}


def play(name: str, code: str, hours: float) -> str:
    """One step, so many hours after Monday 08:00."""
    with clock.at(MONDAY + timedelta(hours=hours)):
        return STEPS[name](code)


def end_of(code: str) -> dict[str, Any]:
    """What a case's life came to, without what differs between two equal lives."""
    case = _case(code)
    deadlines = session().scalars(select(Deadline).where(Deadline.case_id == case.id).order_by(Deadline.id))
    letters = session().scalars(select(Message).where(Message.case_id == case.id).order_by(Message.id))
    return {
        "status": case.status,
        "outcome": case.outcome,
        "events": [
            f"{event.at:%d %H:%M} {event.name} {event.public_step or ''} {event.by}" for event in history.timeline(case)
        ],
        "is_sealed": history.verify(case),
        "deadlines": [f"{d.kind} due {d.due_at:%d %H:%M} met {d.met_at} breached {d.breached_at}" for d in deadlines],
        "letters": [f"{letter.moment} {letter.address} {letter.state}" for letter in letters],
        "open": town.open_tasks(case),
    }


def _case(code: str) -> Case:
    return cases.find_by_code(code)


if __name__ == "__main__":
    from wsgi import create_app

    with create_app().app_context():
        sys.stdout.write(json.dumps(play(sys.argv[1], sys.argv[2], float(sys.argv[3]))))
