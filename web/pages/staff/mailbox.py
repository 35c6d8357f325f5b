"""What was written to whom: every letter with its state. Its words only in a demo, for they hold secret links."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from cases import access
from cases.models import Case, Message
from engine.base import session
from web.guards import allowed, person
from web.pages.staff import frame, rows

ON_A_PAGE = 50

pages = Blueprint("mailbox", __name__)


@pages.get("/work/messages")
@allowed(frame.may_read_mail)
def messages() -> ResponseReturnValue:
    """Letters, newest first."""
    before = request.args.get("before", "")
    query = select(Message, Case).outerjoin(Case, Case.id == Message.case_id).order_by(Message.id.desc())
    if before.isdecimal():
        query = query.where(Message.id < int(before))
    found = session().execute(query.limit(ON_A_PAGE + 1)).all()
    shown = found[:ON_A_PAGE]
    return render_template(
        "staff/messages.html",
        letters=[_letter(message, case) for message, case in shown],
        next=f"/work/messages?before={shown[-1][0].id}" if len(found) > ON_A_PAGE else None,
        is_demo=current_app.config["CASEWAY"].demo,
        rail=rows.rail(person()),
        may_read_mail=True,
    )


def _letter(message: Message, case: Case | None) -> dict[str, object]:
    state, tone = {
        "sent": (_("Sent"), "good"),
        "failed": (_("Not delivered"), "bad"),
    }.get(message.state, (_("Waiting to be sent"), "wait"))
    return {
        "id": message.id,
        "subject": message.subject,
        "to": message.address,
        "at": message.created_at,
        "sent_at": message.sent_at,
        "locale": message.locale,
        "text": message.body_text,
        "error": message.error,
        "code": case.tracking_code if case else "",
        "may_open": case is not None and access.may_see_case(person(), case),
        "state": state,
        "tone": tone,
    }
