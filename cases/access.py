"""Who may see and who may do: pure functions of a person, a case and a task. Nothing here asks the database.

Roles of the whole city (`CITY_WIDE`) see every case; everybody else sees what concerns a unit of theirs. A case of a
sensitive category is seen only by the city-wide roles, its official, the unit that handles it and the leaders above.
"""

from __future__ import annotations

from collections.abc import Iterator

from cases.models import Case, Membership, Person, Role, Unit
from engine.models import TaskState, UserTask

#: Who a diagram names for a task of the citizen; nobody signs in under it.
REPORTER = "reporter"
#: Names that stand for no person, so no account may have them.
RESERVED_NAMES = frozenset({REPORTER, "system", "clock"})
CITY_WIDE = frozenset({Role.INTAKE, Role.SUPERVISOR, Role.AUDITOR})
HANDLING = frozenset({Role.LEADER, Role.HEAD, Role.OFFICIAL})
#: Units above each other; a longer chain is a circle in the data.
DEEPEST_UNIT = 10


def groups(person: Person) -> list[str]:
    """The candidate groups of a person: `role:unit code`, sorted."""
    return sorted({f"{membership.role}:{membership.unit.code}" for membership in _memberships(person)})


def watched_groups(person: Person) -> list[str]:
    """Their own groups, and for a leader also the officials' of the same unit."""
    own = groups(person)
    led = [group.removeprefix("leader:") for group in own if group.startswith("leader:")]
    return sorted({*own, *(f"official:{code}" for code in led)})


def has_role(person: Person, *roles: Role) -> bool:
    """Whether the person has one of these roles in any unit."""
    return any(membership.role in roles for membership in _memberships(person))


# ----------------------------------------------------------------------------------------------------------- cases


def may_see_case(person: Person, case: Case) -> bool:
    """City-wide roles, its official, its unit and the leaders above; unless sensitive, also those where it happens."""
    if has_role(person, *CITY_WIDE) or _is_official_of(person, case):
        return True
    own = [membership for membership in _memberships(person) if membership.role in HANDLING]
    if any(_stands_over(membership, case.unit) for membership in own):
        return True
    if case.is_sensitive:
        return False
    place = case.area.unit if case.area else None
    return any(_stands_over(membership, place) or _stands_under(membership, case.unit) for membership in own)


def may_see_reporter(person: Person, case: Case) -> bool:
    """Name and address of the reporter: intake, supervisors, auditors, the case's official and its unit's leaders."""
    if has_role(person, *CITY_WIDE) or _is_official_of(person, case):
        return True
    return any(
        membership.role == Role.LEADER and case.unit_id is not None and membership.unit_id == case.unit_id
        for membership in _memberships(person)
    )


def may_correct_publication(person: Person, case: Case) -> bool:
    """Take a result off the public pages, show it again, change its words: who checks what is published, and supervisors."""
    return may_see_case(person, case) and has_role(person, Role.INTAKE, Role.SUPERVISOR)


def may_ask_for_time(person: Person, case: Case) -> bool:
    """Ask for an extension, and say that a body that was waited for has answered: whoever does the work, and its unit."""
    if not person.is_active or case.closed_at is not None:
        return False
    own = (membership for membership in _memberships(person) if membership.role in HANDLING)
    return _is_official_of(person, case) or any(membership.unit_id == case.unit_id for membership in own)


# ----------------------------------------------------------------------------------------------------------- tasks


def may_see_task(person: Person, task: UserTask) -> bool:
    """Its candidates and assignee, the leaders of its candidates' units, supervisors and auditors."""
    if not person.is_active:
        return False
    if task.assignee == person.username or has_role(person, Role.SUPERVISOR, Role.AUDITOR):
        return True
    return not set(task.candidate_groups).isdisjoint(watched_groups(person))


def may_do_task(person: Person, task: UserTask) -> bool:
    """The assignee alone; while there is none, everybody in a candidate group."""
    if not person.is_active or task.state != TaskState.OPEN or task.assignee == REPORTER:
        return False
    if task.assignee is not None:
        return task.assignee == person.username
    return not set(task.candidate_groups).isdisjoint(groups(person))


def may_delegate(person: Person, task: UserTask) -> bool:
    """Supervisors, and the leaders of a unit whose people the task is meant for."""
    if task.state != TaskState.OPEN or task.assignee == REPORTER:
        return False
    if has_role(person, Role.SUPERVISOR):
        return True
    units = {group.partition(":")[2] for group in task.candidate_groups}
    return any(f"leader:{unit}" in groups(person) for unit in units)


# ----------------------------------------------------------------------------------------------------------- rooms


def may_deploy(person: Person) -> bool:
    """Upload and activate process definitions."""
    return has_role(person, Role.DESIGNER)


def may_administer(person: Person) -> bool:
    """People, units, categories and incidents."""
    return has_role(person, Role.ADMINISTRATOR)


def may_operate(person: Person) -> bool:
    """Look into running instances, suspend, cancel and mend them."""
    return has_role(person, Role.ADMINISTRATOR)


def may_migrate(person: Person) -> bool:
    """Let running instances go to another version: whoever may draw it, and whoever operates."""
    return has_role(person, Role.DESIGNER, Role.ADMINISTRATOR)


def may_see_performance(person: Person) -> bool:
    """The internal figures; what is public everybody sees."""
    return has_role(person, Role.SUPERVISOR, Role.LEADER, Role.AUDITOR)


# -------------------------------------------------------------------------------------------------------------- own


def _memberships(person: Person) -> list[Membership]:
    return list(person.memberships) if person.is_active else []


def _is_official_of(person: Person, case: Case) -> bool:
    return person.is_active and case.official is not None and case.official == person.username


def _stands_over(membership: Membership, unit: Unit | None) -> bool:
    """Works in the unit, or leads one above it."""
    if unit is None:
        return False
    if membership.unit_id == unit.id:
        return True
    return membership.role == Role.LEADER and any(above.id == membership.unit_id for above in lineage(unit))


def _stands_under(membership: Membership, unit: Unit | None) -> bool:
    """Works in a part of the unit."""
    return unit is not None and any(above.id == unit.id for above in lineage(membership.unit))


def lineage(unit: Unit) -> Iterator[Unit]:
    """A unit and those above it, nearest first."""
    here: Unit | None = unit
    for _ in range(DEEPEST_UNIT):
        if here is None:
            return
        yield here
        here = here.parent
