"""Finding cases: the rule of who may see a case is said twice, of one case and in SQL, and must be the same rule."""

from __future__ import annotations

from itertools import cycle, product

import pytest
from sqlalchemy import select

from cases import access, accounts, finding
from cases.finding import Wanted
from cases.inbox import InvalidCursor
from cases.models import Area, Case, Category, Person, Role, Unit
from engine import clock
from engine.base import session
from engine.errors import Invalid
from tests import town as cast

pytestmark = pytest.mark.usefixtures("town")


def people() -> list[Person]:
    """The whole cast; every role at every height of the tree; people of two units; some who may no longer sign in."""
    units = ("gia-lai", "dien-hong", "dien-hong-infrastructure", "ioc")
    everywhere = [(f"{role}.at.{unit}", [(unit, str(role))]) for role, unit in product(Role, units)]
    two = [
        ("two.units", [(units[1], "leader"), (units[-1], "official")]),
        ("two.roles", [(units[1], "designer"), (units[2], "official")]),
    ]
    for username, memberships in [*everywhere, *two, ("nowhere", [])]:
        accounts.enrol(username, full_name=username, email="", memberships=memberships)
    gone = [(cast.SUPERVISOR, "gone.supervisor"), (cast.OFFICIAL, "gone.official"), (cast.LEADER, "gone.leader")]
    for like, username in gone:
        given = [(one.unit.code, one.role) for one in cast.person(like).memberships]
        accounts.enrol(username, full_name=username, email="", memberships=given).is_active = False
    session().flush()
    return list(session().scalars(select(Person).order_by(Person.id)))


def every_kind_of_case(officials: list[str]) -> list[Case]:
    """Each unit or none × each area or none × sensitive or not; the officials take turns."""
    units = [None, *session().scalars(select(Unit.id).order_by(Unit.id))]
    areas = [None, *session().scalars(select(Area.id).order_by(Area.id))]
    category = session().scalars(select(Category.id).order_by(Category.id)).first()
    turn = cycle([None, *officials])
    made = [
        Case(
            tracking_code=f"PK-{number}", owner_key_hash=str(number), title="x", category_id=category, unit_id=unit,
            area_id=area, is_sensitive=sensitive, official=next(turn), opened_at=clock.now(), changed_at=clock.now(),
        )
        for number, (unit, area, sensitive) in enumerate(product(units, areas, (False, True)))
    ]  # fmt: skip
    session().add_all(made)
    session().flush()
    return made


def test_the_list_shows_to_everybody_exactly_what_they_may_see() -> None:
    everybody = people()
    made = every_kind_of_case([person.username for person in everybody])
    seen: set[int] = set()

    for person in everybody:
        query = select(Case.id).outerjoin(Area, Area.id == Case.area_id).where(finding.visible_to(person))
        listed = set(session().scalars(query))
        allowed = {case.id for case in made if access.may_see_case(person, case)}
        assert listed == allowed, person.username
        seen.add(len(allowed))

    assert {0, len(made)} < seen  # some see nothing, some everything, and many something


def test_a_page_says_where_the_next_begins_and_the_last_that_there_is_none() -> None:
    codes = [cast.report().tracking_code for _ in range(5)]
    reader = cast.person(cast.INTAKE)

    first = finding.page(reader, Wanted(), limit=3)
    second = finding.page(reader, Wanted(), limit=3, after=first.next)

    assert [case.tracking_code for case, _ in [*first.rows, *second.rows]] == codes[::-1]
    assert second.next is None
    assert all(deadline is not None for _, deadline in first.rows)


@pytest.mark.parametrize("wanted", [Wanted(unit="dragons"), Wanted(category="dragons")])
def test_what_the_city_does_not_have_is_not_looked_for(wanted: Wanted) -> None:
    with pytest.raises(Invalid):
        finding.page(cast.person(cast.INTAKE), wanted)


def test_a_place_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidCursor):
        finding.page(cast.person(cast.INTAKE), Wanted(), after="nonsense")


def test_filters_narrow_together() -> None:
    pothole = cast.accepted()
    cast.report(category="street-light", text="Đèn đường trước trường học không sáng ba đêm.")
    reader = cast.person(cast.INTAKE)
    fitting = Wanted(text="o ga", status="in_progress", unit="dien-hong-infrastructure", category="pothole")
    not_fitting = Wanted(text="o ga", status="in_progress", category="street-light")

    assert [case.id for case, _ in finding.page(reader, fitting).rows] == [pothole.id]
    assert finding.page(reader, not_fitting).rows == []
