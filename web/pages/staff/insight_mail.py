"""Reports of performance by mail: asking for them, seeing and stopping one's own, and the work of writing one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

import notifications
import words
from cases import access, performance, subscriptions
from cases.models import ReportSubscription
from cases.performance import Kpi, Performance
from cases.subscriptions import Rhythm
from engine import clock, registry
from engine.base import session, transaction
from notifications.addresses import page as full_address
from web.guards import allowed, person
from web.pages.staff import asked as forms
from web.pages.staff import insight, insight_blocks, insight_lines, insight_xlsx, naming, narrowing
from web.pages.staff.insight_asked import Asked

#: The figures a letter says; all of them are in its workbook.
SAID = (
    "received", "closed", "on_time_share", "on_time_closed_share", "overdue_now", "due_soon", "open_now",
    "handling_clock_median", "handling_clock_p90", "satisfaction", "response_rate", "reopened_share",
)  # fmt: skip
LOCALES = ("vi", "en")

pages = Blueprint("insight_mail", __name__)


@pages.get("/insight/mail")
@allowed(access.may_see_performance)
def listed() -> ResponseReturnValue:
    """What one has sent to oneself, and asking for another."""
    return _page()


@pages.post("/insight/mail")
@allowed(access.may_see_performance)
def subscribe() -> ResponseReturnValue:
    """Have the chosen figures sent."""
    scope = {name: forms.text(name) for name in subscriptions.SCOPE}
    problems, status = forms.attempt(lambda: subscriptions.subscribe(person(), forms.text("rhythm"), scope))
    if problems:
        return _page(problems), status
    flash(_("The report will come by mail."), "toast")
    return redirect(url_for(".listed"), 303)


@pages.post(f"/insight/mail/<{forms.ROW}:number>/cancellation")
@allowed(access.may_see_performance)
def cancel(number: int) -> ResponseReturnValue:
    """Have it sent no more."""
    with transaction():
        subscriptions.cancel(number, person())
    flash(_("The report will come no more."), "toast")
    return redirect(url_for(".listed"), 303)


@pages.post(f"/insight/mail/<{forms.ROW}:number>/copies")
@allowed(access.may_see_performance)
def send_now(number: int) -> ResponseReturnValue:
    """Have the last one sent at once."""
    with transaction():
        subscriptions.send_now(number, person())
    flash(_("The last report is on its way."), "toast")
    return redirect(url_for(".listed"), 303)


def _page(problems: list[forms.Complaint] | None = None) -> str:
    chosen = request.form if request.method == "POST" else request.args
    return render_template(
        "staff/insight_mail.html",
        subscriptions=[told(one) for one in subscriptions.of(person())],
        rhythms=[{"value": one.value, "label": text} for one, text in _rhythms().items()],
        chosen={name: chosen.get(name, "") for name in ("rhythm", *subscriptions.SCOPE)},
        choices={
            "unit": narrowing.units(),
            "area": narrowing.areas(),
            "category": narrowing.categories(),
            "channel": narrowing.channels(),
        },
        address=person().email,
        problems=problems or [],
        errors={one["where"]: one["text"] for one in problems or []},
    )


def told(wanted: ReportSubscription) -> dict[str, object]:
    """A subscription in words: of what, how often, when next."""
    return {
        "id": wanted.id,
        "rhythm": _rhythms()[Rhythm(wanted.rhythm)],
        "scope": insight.scope_text(_asked(wanted, wanted.next_at)),
        "next": words.moment(wanted.next_at),
        "sent": words.moment(wanted.sent_at) if wanted.sent_at else "",
    }


def _rhythms() -> dict[Rhythm, str]:
    return {
        Rhythm.WEEKLY: _("Every Monday at 07:00, the week before"),
        Rhythm.MONTHLY: _("On the first day of every reporting month at 07:00, the month before"),
    }


def _asked(wanted: ReportSubscription, at: datetime) -> Asked:
    days, before = subscriptions.period(wanted.rhythm, at)
    return Asked(
        "own", days, before, unit=wanted.unit, area=wanted.area, category=wanted.category, channel=wanted.channel
    )


# ------------------------------------------------------------------------------------------------------------- writing


@registry.handler(subscriptions.TOPIC)
def write_report(subscription: int, moment: str) -> None:
    """Write the report of that moment, if it is still wanted by somebody who may see it and can be written to."""
    wanted = session().get(ReportSubscription, subscription)
    if wanted is None:
        return
    reader = wanted.person
    if not reader.is_active or not reader.email or not access.may_see_performance(reader):
        return
    locale = reader.locale if reader.locale in LOCALES else LOCALES[0]
    with force_locale(locale):
        asked = _asked(wanted, datetime.fromisoformat(moment))
        found = insight.summary(asked, by=insight.EVERY_LINE)
        weeks = performance.over_time(from_on=asked.from_on, to_on=asked.to_on, **asked.scope)
        notifications.send_report(
            reader.email, locale, _words(wanted, asked, found),
            file_name=f"performance-{asked.from_on:%Y%m%d}-{asked.to_on:%Y%m%d}.xlsx",
            file=insight_xlsx.write(found, weeks),
        )  # fmt: skip
    wanted.sent_at = clock.now()


def _words(wanted: ReportSubscription, asked: Asked, found: Performance) -> dict[str, Any]:
    return {
        "name": wanted.person.full_name,
        "days": insight_lines.days(asked.days),
        "before": insight_lines.days(asked.before),
        "scope": insight.scope_text(asked),
        "figures": [_said(kpi, found) for code, kpi in performance.kpis().items() if code in SAID],
        "page": full_address(f"/insight?{asked.as_text()}"),
        "stop_page": full_address(f"/reports/{subscriptions.stop_path(wanted)}", naming.locale()),
    }


def _said(kpi: Kpi, found: Performance) -> dict[str, str]:
    """A figure, and what it was in the period before; what is as of now has no before."""
    earlier = found.before.totals.values.get(kpi.code) if found.before and kpi.grain != "now" else None
    return {
        "name": kpi.name_en if naming.locale() == "en" else kpi.name_vi,
        "now": insight_blocks.said(kpi, found.totals.values.get(kpi.code)),
        "before": insight_blocks.said(kpi, earlier) if earlier else "",
    }
