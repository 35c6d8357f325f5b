"""What people, units, groups and steps are called on staff pages, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterable

from flask import g
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select

from cases.models import Person, Role, Unit
from engine.base import session

#: Ids of steps are English words by agreement; what a drawing program invents is not.
_WORDS = re.compile(r"[a-z]{2,}(_[a-z0-9]+)*")


def locale() -> str:
    """`vi` or `en`."""
    return str(get_locale())


def people(usernames: Iterable[str | None]) -> dict[str, str]:
    """Full names by user name, in one query; a word for those names that stand for no person."""
    wanted = {username for username in usernames if username}
    said = {
        "reporter": _("the reporter"),
        "public": _("a resident"),
        "system": _("the system"),
        "clock": _("the clock"),
    }
    query = select(Person.username, Person.full_name).where(Person.username.in_(wanted - said.keys()))
    known = dict(session().execute(query).all()) if wanted - said.keys() else {}
    return {username: said.get(username) or known.get(username, username) for username in wanted}


def person_name(username: str | None) -> str:
    """One person's full name; empty for nobody."""
    return people([username])[username] if username else ""


def units() -> dict[str, str]:
    """Names by unit code, read once for each request."""
    if "unit_names" not in g:
        english = locale() == "en"
        g.unit_names = {
            unit.code: unit.name_en if english else unit.name_vi for unit in session().scalars(select(Unit))
        }
    names: dict[str, str] = g.unit_names
    return names


def unit(code: object) -> str:
    """The name of a unit by its code."""
    return units().get(str(code), str(code or ""))


def step(element_id: str, name: str, name_en: str | None = None) -> str:
    """The name of a step: as drawn; for English readers its English name, or its id when that is words."""
    if locale() == "en" and name_en:
        return name_en
    if locale() == "en" and _WORDS.fullmatch(element_id):
        return element_id.replace("_", " ").capitalize()
    return name or element_id


def role(code: str) -> str:
    """What somebody with this role is called."""
    said = {
        Role.INTAKE: _("Intake officer"),
        Role.SUPERVISOR: _("IOC supervisor"),
        Role.LEADER: _("Unit leader"),
        Role.HEAD: _("Head of the unit"),
        Role.OFFICIAL: _("Case officer"),
        Role.DESIGNER: _("Process designer"),
        Role.ADMINISTRATOR: _("Administrator"),
        Role.AUDITOR: _("Auditor"),
    }
    return {str(known): word for known, word in said.items()}.get(code, code)


def group(code: str) -> str:
    """A candidate group: `leader:dien-hong` → `Unit leader, Diên Hồng Ward …`."""
    of_role, _colon, of_unit = code.partition(":")
    return f"{role(of_role)}, {unit(of_unit)}"
