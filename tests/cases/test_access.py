"""Who may see and who may do: the rules, without a database."""

from __future__ import annotations

import pytest

from cases import access
from cases.models import Area, Case, Membership, Person, Role, Unit
from engine.models import TaskState, UserTask

PROVINCE = Unit(id=1, code="province", kind="province")
DESK = Unit(id=2, code="desk", kind="centre", parent_id=1, parent=PROVINCE)
WARD = Unit(id=3, code="ward", kind="ward", parent_id=1, parent=PROVINCE)
ROOM = Unit(id=4, code="room", kind="room", parent_id=3, parent=WARD)
OTHER_WARD = Unit(id=5, code="other-ward", kind="ward", parent_id=1, parent=PROVINCE)
LAMPS = Unit(id=6, code="lamps", kind="operator", parent_id=1, parent=PROVINCE)
AREA = Area(id=1, code="ward", unit_id=3, unit=WARD)


def somebody(*roles: tuple[Role, Unit], username: str = "lan", active: bool = True) -> Person:
    memberships = [Membership(role=role, unit=unit, unit_id=unit.id) for role, unit in roles]
    return Person(username=username, is_active=active, memberships=memberships)


def case(unit: Unit | None = LAMPS, *, sensitive: bool = False, official: str | None = None) -> Case:
    return Case(unit=unit, unit_id=unit.id if unit else None, area=AREA, is_sensitive=sensitive, official=official)


def task(*groups: str, assignee: str | None = None, state: str = TaskState.OPEN) -> UserTask:
    return UserTask(candidate_groups=list(groups), assignee=assignee, state=state)


def test_groups_are_role_and_unit() -> None:
    person = somebody((Role.LEADER, WARD), (Role.OFFICIAL, ROOM))
    assert access.groups(person) == ["leader:ward", "official:room"]
    assert access.watched_groups(person) == ["leader:ward", "official:room", "official:ward"]


def test_somebody_who_may_no_longer_sign_in_has_no_groups_and_sees_nothing() -> None:
    gone = somebody((Role.SUPERVISOR, DESK), (Role.ADMINISTRATOR, DESK), (Role.DESIGNER, DESK), active=False)
    assert access.groups(gone) == []
    assert not access.may_see_case(gone, case(official="lan"))
    assert not access.may_see_task(gone, task(assignee="lan"))
    assert not access.may_do_task(gone, task(assignee="lan"))
    assert not access.may_delegate(gone, task("leader:ward"))
    assert not access.may_administer(gone)
    assert not access.may_deploy(gone)


SEES_ORDINARY = {
    "intake": somebody((Role.INTAKE, DESK)),
    "supervisor": somebody((Role.SUPERVISOR, DESK)),
    "auditor": somebody((Role.AUDITOR, DESK)),
    "leader of the unit": somebody((Role.LEADER, LAMPS)),
    "official of the unit": somebody((Role.OFFICIAL, LAMPS)),
    "leader of the province": somebody((Role.LEADER, PROVINCE)),
    "leader of the place": somebody((Role.LEADER, WARD)),
    "official of the place": somebody((Role.OFFICIAL, WARD)),
    "its official": somebody((Role.OFFICIAL, OTHER_WARD), username="minh"),
}
SEES_SENSITIVE = {"intake", "supervisor", "auditor", "leader of the unit", "official of the unit", "leader of the province",
                  "its official"}  # fmt: skip
SEES_NOTHING = {
    "leader of another place": somebody((Role.LEADER, OTHER_WARD)),
    "official of the province": somebody((Role.OFFICIAL, PROVINCE)),
    "official in a room of the place": somebody((Role.OFFICIAL, ROOM)),
    "designer": somebody((Role.DESIGNER, DESK)),
    "administrator": somebody((Role.ADMINISTRATOR, DESK)),
    "administrator of the unit": somebody((Role.ADMINISTRATOR, LAMPS)),
    "nobody": somebody(),
}


@pytest.mark.parametrize("who", SEES_ORDINARY)
def test_an_ordinary_case_is_seen_where_it_is_handled_and_where_it_happens(who: str) -> None:
    assert access.may_see_case(SEES_ORDINARY[who], case(official="minh"))


@pytest.mark.parametrize("who", SEES_NOTHING)
def test_a_case_is_not_seen_by(who: str) -> None:
    assert not access.may_see_case(SEES_NOTHING[who], case(official="minh"))


@pytest.mark.parametrize("who", SEES_ORDINARY)
def test_a_sensitive_case_is_seen_where_it_is_handled_only(who: str) -> None:
    assert access.may_see_case(SEES_ORDINARY[who], case(sensitive=True, official="minh")) == (who in SEES_SENSITIVE)


def test_the_rooms_of_a_ward_see_the_ordinary_cases_of_the_ward_itself() -> None:
    room = somebody((Role.OFFICIAL, ROOM))
    assert access.may_see_case(room, case(WARD))
    assert not access.may_see_case(room, case(WARD, sensitive=True))


def test_a_case_no_unit_has_yet_is_seen_by_the_city_and_the_place() -> None:
    assert access.may_see_case(SEES_ORDINARY["leader of the place"], case(None))
    assert not access.may_see_case(SEES_ORDINARY["leader of the unit"], case(None))


def test_a_circle_of_units_ends() -> None:
    one, two = Unit(id=7, code="one"), Unit(id=8, code="two")
    one.parent, two.parent = two, one
    assert not access.may_see_case(somebody((Role.LEADER, WARD)), case(one, sensitive=True))


@pytest.mark.parametrize(
    ("who", "may"),
    [
        (somebody((Role.INTAKE, DESK)), True),
        (somebody((Role.SUPERVISOR, DESK)), True),
        (somebody((Role.LEADER, LAMPS)), True),
        (somebody((Role.OFFICIAL, LAMPS), username="minh"), True),
        (somebody((Role.OFFICIAL, LAMPS)), False),
        (somebody((Role.LEADER, WARD)), False),
        (somebody((Role.DESIGNER, DESK)), False),
    ],
)
def test_who_reported_is_known_to_those_who_answer(who: Person, may: bool) -> None:  # noqa: FBT001  # a column of the table
    assert access.may_see_reporter(who, case(official="minh")) is may


def test_a_free_task_may_be_done_by_its_groups_a_claimed_one_by_its_owner() -> None:
    lan, minh = somebody((Role.OFFICIAL, ROOM)), somebody((Role.OFFICIAL, ROOM), username="minh")
    free, claimed = task("official:room"), task("official:room", assignee="minh")
    assert access.may_do_task(lan, free)
    assert not access.may_do_task(lan, claimed)
    assert access.may_do_task(minh, claimed)
    assert not access.may_do_task(minh, task("official:room", assignee="minh", state=TaskState.COMPLETED))


def test_a_leader_sees_the_tasks_of_the_units_officials_but_does_not_do_them() -> None:
    leader = somebody((Role.LEADER, ROOM))
    assert access.may_see_task(leader, task("official:room", assignee="minh"))
    assert not access.may_do_task(leader, task("official:room"))
    assert not access.may_see_task(leader, task("official:lamps"))


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AUDITOR])
def test_supervisors_and_auditors_see_every_task_and_do_none_by_that(role: Role) -> None:
    watcher = somebody((role, DESK))
    assert access.may_see_task(watcher, task("official:room"))
    assert not access.may_do_task(watcher, task("official:room"))


def test_tasks_are_given_away_by_the_leaders_of_their_unit_and_by_supervisors() -> None:
    offered = task("official:room", assignee="minh")
    assert access.may_delegate(somebody((Role.LEADER, ROOM)), offered)
    assert access.may_delegate(somebody((Role.SUPERVISOR, DESK)), offered)
    assert not access.may_delegate(somebody((Role.OFFICIAL, ROOM), username="minh"), offered)
    assert not access.may_delegate(somebody((Role.LEADER, LAMPS)), offered)
    assert not access.may_delegate(somebody((Role.SUPERVISOR, DESK)), task("x:y", state=TaskState.COMPLETED))


def test_the_reporters_own_task_belongs_to_no_official() -> None:
    named_alike = somebody((Role.SUPERVISOR, DESK), username="reporter")
    asked = task(assignee="reporter")
    assert not access.may_do_task(named_alike, asked)
    assert not access.may_delegate(named_alike, asked)


@pytest.mark.parametrize("role", list(Role))
def test_each_room_of_the_house_opens_to_its_roles(role: Role) -> None:
    person = somebody((role, DESK))
    assert access.may_deploy(person) == (role == Role.DESIGNER)
    assert access.may_administer(person) == (role == Role.ADMINISTRATOR)
    assert access.may_see_performance(person) == (role in {Role.SUPERVISOR, Role.LEADER, Role.AUDITOR})
