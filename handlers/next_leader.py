"""Bring a broken promise before the next leader above whoever holds the case."""

from __future__ import annotations

from decimal import Decimal

import notifications
from cases import cases, escalation
from engine.registry import handler


@handler("next_leader", transactional=True)
def next_leader(
    case_id: int,
    deadline_kind: str,
    escalation_level: Decimal | None,
    every_working_days: Decimal,
    reminders: Decimal,
    at_the_top_every_working_days: Decimal,
    by: str,
) -> dict[str, int | str]:
    """Who is asked now, when they are reminded first, and until when they have to answer.

    They are reminded every so many working days; when the last of the `reminders` is not answered, it is the next one's
    turn. At the top, where nobody is next, the intervals are longer.
    """
    case = cases.get(case_id)
    level = escalation.escalate(case, deadline_kind, after=int(escalation_level or 0), by=by)
    notifications.send(
        "deadline_escalated",
        case,
        deadline_kind=deadline_kind,
        due_at=escalation.promised_until(case, deadline_kind),
        escalation_group=level.group,
    )
    every = at_the_top_every_working_days if level.is_top else every_working_days
    return {
        "escalation_level": level.number,
        "escalation_group": level.group,
        "escalation_remind_at": escalation.working_days_from_now(case, deadline_kind, every).isoformat(),
        "escalation_until": escalation.working_days_from_now(case, deadline_kind, every * reminders).isoformat(),
    }
