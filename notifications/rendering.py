"""The words of a letter. Text templates are filled in first; the HTML is made of that text, so both say the same.

What people wrote is quoted line by line and never becomes markup; a line becomes a link only when it is an address of
this city.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from sqlalchemy import select

from cases import city, codes, deadlines, routing, targets, working_time
from cases.models import Area, Case, Category, Unit
from cases.models.deadlines import DeadlineKind
from engine.base import session
from engine.models import TaskState, UserTask
from notifications.addresses import page
from notifications.moments import Recipient

TEMPLATES = Path(__file__).parent / "templates"
LOCALES = ("vi", "en")
LONGEST_SUBJECT = 150
KEY_TO_COME = "OWNER-KEY"
PUBLICATION_FORM = "publication_check"
WEEKDAYS = {
    "vi": ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
#: What a moment may bring along; a letter does without what it does not.
ABSENT = dict.fromkeys(
    (
        "question",
        "answer_until",
        "reason",
        "message",
        "into",
        "deadline_kind",
        "due_at",
        "feedback_until",
        "official",
        "reminder",
        "direction",
        "reason_told",
        "body",
        "days",
    )
)


@dataclass(frozen=True)
class Letter:
    """What somebody reads."""

    locale: str
    subject: str
    text: str
    html: str


def render(moment: str, case: Case, recipient: Recipient, context: Mapping[str, object]) -> Letter:
    """The letter of a moment for one reader."""
    locale = recipient.locale if recipient.locale in LOCALES else LOCALES[0]
    words = {**ABSENT, **context, **_words(case, recipient, locale)}
    return _filled(moment, locale, words, mark=f"[{recipient.case.tracking_code}] ")


def render_report(locale: str, context: Mapping[str, object]) -> Letter:
    """The letter with a report of performance: `name`, `days`, `before`, `scope`, `figures`, `page` and `stop_page`."""
    locale = locale if locale in LOCALES else LOCALES[0]
    return _filled("performance_report", locale, {**context, "signature": _signature(locale)}, mark="")


def _filled(name: str, locale: str, words: Mapping[str, object], *, mark: str) -> Letter:
    filled = _environment().get_template(f"{name}.{locale}.txt").render(words)
    subject, _, body = filled.strip().partition("\n")
    text = re.sub(r"\n{3,}", "\n\n", body).strip() + "\n"
    subject = one_line(f"{mark}{subject}")
    return Letter(locale, subject, text, _html(subject, text, locale))


def one_line(text: str) -> str:
    """A text that fits into a header: no line ends, no control characters, not too long."""
    plain = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text)
    squeezed = " ".join(plain.split())
    return squeezed if len(squeezed) <= LONGEST_SUBJECT else squeezed[: LONGEST_SUBJECT - 1] + "…"


# ------------------------------------------------------------------------------------------------------------ words


def _words(case: Case, recipient: Recipient, locale: str) -> dict[str, object]:
    """What every template may say. `case` is the one acted on, `own` the one the reader knows."""
    own = recipient.case
    into = session().get(Case, case.merged_into_id) if case.merged_into_id is not None else None
    return {
        "name": one_line(recipient.name or ""),
        "own_code": own.tracking_code,
        "code": case.tracking_code,
        "category": _name(case.category, locale),
        "place": one_line(case.address or "") or (_name(case.area, locale) if case.area else ""),
        "unit": _name(case.unit, locale) if case.unit else "",
        "result": lambda: _result(case),
        "signature": _signature(locale),
        "into": into.tracking_code if into else None,
        "into_page": page(f"/c/{into.tracking_code}", locale) if into else "",
        "resolve_due_at": lambda: _due(case),
        "public_page": page(f"/c/{own.tracking_code}", locale),
        "owner_page": owner_page(own, locale) if recipient.is_reporter else "",
        "work_page": page(f"/work/c/{case.tracking_code}"),
        "moment": lambda at: say_moment(at, locale),
        "quote": quote,
    }


def _signature(locale: str) -> str:
    """Who signs: the intake desk."""
    return _name(routing.unit_by_code(city.settings().intake_unit), locale)


def owner_page(case: Case, locale: str) -> str:
    """The link with which the reporter answers and rates; its key is put in when the letter is sent, never stored."""
    return page(f"/c/{case.tracking_code}?k={KEY_TO_COME}", locale)


def with_key(text: str, case: Case) -> str:
    """A letter's text with the key in the owner's link of this case."""
    link = f"/c/{case.tracking_code}?k="
    return text.replace(link + KEY_TO_COME, link + codes.owner_key(case.tracking_code))


def say_moment(at: object, locale: str) -> str:
    """`16:30, thứ Ba 24/11/2026`, at the city's clocks; `at` is a moment or its ISO text."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    if not isinstance(moment, datetime):
        return ""
    local = moment.astimezone(ZoneInfo(city.settings().time_zone))
    return f"{local:%H:%M}, {WEEKDAYS[locale][local.weekday()]} {local:%d/%m/%Y}"


def quote(text: object) -> str:
    """What somebody wrote, set apart line by line."""
    lines = str(text or "").replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _name(thing: Category | Area | Unit, locale: str) -> str:
    return one_line(thing.name_en if locale == "en" else thing.name_vi)


def _due(case: Case) -> datetime | None:
    """Until when there will be a result; before the promise is made, what it is going to be."""
    promise = deadlines.latest(case, DeadlineKind.RESOLVE)
    if promise is not None:
        return promise.due_at if promise.is_open else None
    coming = targets.promise_for(case.category, area=case.area.code if case.area else None)
    if coming.resolve is None:
        return None
    hours = city.calendar(coming.calendar)
    return working_time.due(hours, case.opened_at, coming.resolve.amount, coming.resolve.measure)


def _result(case: Case) -> str | None:
    """What was written for the reporter; the public may see the same, or nothing."""
    query = select(UserTask.answers["public_text"].astext).where(
        UserTask.instance_id == case.instance_id,
        UserTask.state == TaskState.COMPLETED,
        UserTask.form_key == PUBLICATION_FORM,
    )
    return session().scalar(query.order_by(UserTask.ended_at.desc(), UserTask.id.desc()).limit(1))


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  # these are plain texts; the HTML is made of them and escaped in _html
        trim_blocks=True,
        lstrip_blocks=True,
    )


# ------------------------------------------------------------------------------------------------------------- html


def _html(subject: str, text: str, locale: str) -> str:
    blocks = Markup("\n").join(_blocks(text))
    return Markup(
        '<!doctype html>\n<html lang="{locale}"><head><meta charset="utf-8"><title>{title}</title></head>\n'
        '<body style="font:16px/1.6 sans-serif;color:#1b1f24;max-width:36rem;margin:0 auto;padding:1rem">\n'
        "{blocks}\n</body></html>\n"
    ).format(locale=locale, title=subject, blocks=blocks)


def _blocks(text: str) -> Iterator[Markup]:
    for block in text.strip().split("\n\n"):
        lines = block.split("\n")
        if all(line.startswith(">") for line in lines):
            quoted = Markup("<br>").join(escape(line[1:].strip()) for line in lines)
            style = "margin:0 0 1em;padding:.25em 1em;border-left:4px solid #8a93a0"
            yield Markup('<blockquote style="{}">{}</blockquote>').format(style, quoted)
        else:
            yield Markup("<p>{}</p>").format(Markup("<br>").join(_line(line) for line in lines))


def _line(line: str) -> Markup:
    is_link = bool(page("")) and line.startswith(page("/")) and not re.search(r"\s", line)
    return Markup('<a href="{0}">{0}</a>').format(line) if is_link else escape(line)
