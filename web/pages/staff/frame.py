"""What the shell of every staff page needs to know about its reader."""

from __future__ import annotations

from flask import g

from cases import access
from cases.models import Person, Role


def context() -> dict[str, object]:
    """The sections the reader may open and how their keys work; nothing for somebody who is not signed in."""
    person: Person | None = g.get("person")
    if person is None:
        return {}
    return {"staff_sections": sections(person), "keyboard": person.shortcuts}


def sections(person: Person) -> list[str]:
    """The sections of the rail this person may open."""
    rooms = {
        "work": True,
        "approve": is_leader(person),
        "search": True,
        "insight": access.may_see_performance(person),
        "design": access.may_deploy(person),
        "admin": access.may_administer(person),
    }
    return [name for name, is_open in rooms.items() if is_open]


def is_leader(person: Person) -> bool:
    """Whether results wait for this person's approval."""
    return access.has_role(person, Role.LEADER)


def may_read_mail(person: Person) -> bool:
    """Whether this person may see what was written to whom."""
    return access.has_role(person, Role.SUPERVISOR, Role.ADMINISTRATOR)


def may_write(person: Person) -> bool:
    """Whether this person may change anything: an auditor only reads."""
    return access.has_role(person, *(role for role in Role if role != Role.AUDITOR))
