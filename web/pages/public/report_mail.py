"""Stopping a report of performance from its letter: for whoever has the letter, signed in or not."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from cases import subscriptions
from cases.models import ReportSubscription
from engine.base import session, transaction
from web.guards import public
from web.pages.public.blueprint import pages
from web.pages.staff.asked import ROW
from web.pages.staff.insight_mail import told
from web.security import csrf


@pages.get(f"/reports/<{ROW}:number>/<signature>")
@public
def stopping(number: int, signature: str) -> ResponseReturnValue:
    """Whoever has the letter is asked; looking alone stops nothing, for programs look too. Raises: SubscriptionNotFound."""
    return _page(subscriptions.signed(number, signature))


@pages.post(f"/reports/<{ROW}:number>/<signature>")
@csrf.exempt  # type: ignore[untyped-decorator]  # Flask-WTF has no types
@public
def stop(number: int, signature: str) -> ResponseReturnValue:
    """No more of it: the page's button, or a mail program's own (RFC 8058), which knows no form of ours.

    Raises: SubscriptionNotFound.
    """
    with transaction():
        wanted = subscriptions.signed(number, signature)
        if wanted is not None:
            session().delete(wanted)
    return _page(None)


def _page(wanted: ReportSubscription | None) -> str:
    return render_template("public/report_mail.html", wanted=told(wanted) if wanted else None)
