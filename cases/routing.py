"""Where a case goes: from a point on the map to the area, from the area to the unit, from the unit to people.

Which unit handles what is said by the decision table `routing` of the active process, never here. A case must never
end with a group nobody is in: `desk_of` looks for the nearest unit with people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shapely import STRtree
from shapely.geometry import Point, shape
from sqlalchemy import ARRAY, ColumnElement, Row, Text, func, or_, select

from cases import city
from cases.models import Area, Category, Membership, Person, Role, Unit
from engine import clock, definitions, registry
from engine.base import session
from engine.errors import NotFound


class UnitNotFound(NotFound):
    """There is no such unit."""


@dataclass(frozen=True)
class Place:
    """An area and the unit responsible for it, as plain values."""

    area_id: int
    area: str
    unit: str


@dataclass(frozen=True)
class Desk:
    """The unit that handles a case and the groups its tasks go to; rerouted when the unit asked for has no leader."""

    unit_id: int
    unit: str
    leader_group: str
    official_group: str
    is_rerouted: bool

    def variables(self) -> dict[str, str]:
        """The desk as process variables."""
        names = ("unit", "leader_group", "official_group")
        return {name: getattr(self, name) for name in names}


# ------------------------------------------------------------------------------------------------------------ map

_tree: tuple[STRtree, list[Place]] | None = None


@city.on_forget
def _forget_tree() -> None:
    global _tree  # noqa: PLW0603  # one map per process
    _tree = None


def place_at(latitude: float, longitude: float) -> Place | None:
    """The area a point lies in, borders included; None between and outside the areas."""
    global _tree  # noqa: PLW0603  # one map per process
    if _tree is None:
        _tree = _map()
    tree, places = _tree
    found = tree.query(Point(longitude, latitude), predicate="intersects")
    return places[min(found)] if len(found) else None


def area_at(latitude: float, longitude: float) -> Area | None:
    """The row of the area a point lies in."""
    place = place_at(latitude, longitude)
    return None if place is None else session().get(Area, place.area_id)


def place_of(area_code: str) -> Place | None:
    """The place with this area code, if the city has it."""
    query = _places().where(Area.code == area_code)
    row = session().execute(query).first()
    return None if row is None else Place(row.id, row.code, row.unit)


def place_unit(area: Area | None) -> Unit:
    """The unit responsible for a place: the area's, or the intake unit. Raises: UnitNotFound."""
    return area.unit if area is not None else unit_by_code(city.settings().intake_unit)


def _map() -> tuple[STRtree, list[Place]]:
    rows = session().execute(_places().add_columns(Area.polygon).order_by(Area.id)).all()
    places = [Place(row.id, row.code, row.unit) for row in rows]
    return STRtree([shape(row.polygon) for row in rows]), places


def _places() -> Any:
    today = clock.now().date()
    query = select(Area.id, Area.code, Unit.code.label("unit")).join(Area.unit)
    return query.where(or_(Area.valid_to.is_(None), Area.valid_to > today))


# ----------------------------------------------------------------------------------------------------------- units


@registry.group_source
def known_groups() -> list[str]:
    """Every group a task may be for: each role in each unit that is still there."""
    codes = session().scalars(select(Unit.code).where(or_(Unit.valid_to.is_(None), Unit.valid_to > clock.now().date())))
    return [f"{role}:{code}" for code in codes for role in Role]


def unit_by_code(code: str) -> Unit:
    """A unit. Raises: UnitNotFound."""
    unit = session().scalar(select(Unit).where(Unit.code == code))
    if unit is None:
        raise UnitNotFound(code)
    return unit


def responsible(category: Category, area: Area | None) -> Unit:
    """Where a report of this category here would go, by the active process. Raises: UnitNotFound, DefinitionNotFound."""
    process = definitions.process(definitions.active(category.process_key))
    intake_unit = city.settings().intake_unit
    variables = facts(category, area=area.code if area else None, place_unit=place_unit(area).code, channel="web")
    answer: Any = process.decisions["routing"].evaluate(variables)
    code = answer.get("unit") if isinstance(answer, Mapping) else answer
    desk = desk_of(str(code), place_unit=str(variables["place_unit"]), intake_unit=intake_unit)
    return unit_by_code(desk.unit)


def facts(category: Category, *, area: str | None, place_unit: str, channel: str) -> dict[str, object]:
    """What is known of a case when its process starts: the variables decision tables may ask for."""
    return {
        "category": category.code,
        "field": category.field,
        "area": area,
        "place_unit": place_unit,
        "intake_unit": city.settings().intake_unit,
        "channel": channel,
        "is_sensitive": category.is_sensitive,
    }


def desk_of(unit: str, *, place_unit: str, intake_unit: str) -> Desk:
    """The groups for a case of `unit`; without a leader there, those of the nearest unit that has one.

    Nearest is: the units above it but for the topmost, the unit of the place and those above, then the supervisors of
    the intake unit. Raises: UnitNotFound when not even the intake unit exists.
    """
    tree = _Staff(unit, place_unit, intake_unit)
    led = [code for code in tree.candidates(unit, place_unit) if Role.LEADER in tree.roles(code)]
    if not led:
        return tree.intake_desk(unit)
    found = led[0]
    return Desk(
        unit_id=tree.rows[found].id,
        unit=found,
        leader_group=f"{Role.LEADER}:{found}",
        official_group=tree.official_group(found),
        is_rerouted=found != unit,
    )


class _Staff:
    """The units above some units, and which roles have people in each: one query."""

    def __init__(self, unit: str, place_unit: str, intake_unit: str) -> None:
        self.intake_unit = intake_unit
        self.rows: dict[str, Row[Any]] = {
            row.code: row for row in session().execute(_with_roles({unit, place_unit, intake_unit}))
        }
        self.codes = {row.id: code for code, row in self.rows.items()}

    def roles(self, code: str) -> set[str]:
        return set(self.rows[code].roles)

    def chain(self, code: str) -> list[str]:
        """The unit and everything above it."""
        found: list[str] = []
        at: str | None = code if code in self.rows else None
        while at is not None and at not in found:
            found.append(at)
            at = self.codes.get(self.rows[at].parent_id)
        return found

    def candidates(self, unit: str, place_unit: str) -> list[str]:
        own = self.chain(unit)
        return own[:1] + own[1:-1] + self.chain(place_unit) + own[1:]

    def official_group(self, code: str) -> str:
        """The unit's officials; if it has none those of its rooms, and if they have none its leaders."""
        if Role.OFFICIAL in self.roles(code):
            return f"{Role.OFFICIAL}:{code}"
        rooms = select(Unit.code).where(Unit.parent_id == self.rows[code].id, _has(Role.OFFICIAL)).order_by(Unit.id)
        below = session().scalars(rooms).all()
        return ",".join(f"{Role.OFFICIAL}:{room}" for room in below) or f"{Role.LEADER}:{code}"

    def intake_desk(self, asked_for: str) -> Desk:
        if self.intake_unit not in self.rows:
            raise UnitNotFound(self.intake_unit)
        group = f"{Role.SUPERVISOR}:{self.intake_unit}"
        is_rerouted = asked_for != self.intake_unit
        return Desk(self.rows[self.intake_unit].id, self.intake_unit, group, group, is_rerouted)


def _with_roles(codes: set[str]) -> Any:
    above = select(Unit.id, Unit.code, Unit.parent_id).where(Unit.code.in_(sorted(codes))).cte(recursive=True)
    above = above.union(select(Unit.id, Unit.code, Unit.parent_id).join(above, Unit.id == above.c.parent_id))
    return select(above, _roles_in(above.c.id).label("roles"))


def _roles_in(unit_id: ColumnElement[int]) -> ColumnElement[list[str]]:
    roles = select(Membership.role).join(Membership.person).where(Membership.unit_id == unit_id, Person.is_active)
    return func.array(roles.scalar_subquery(), type_=ARRAY(Text))


def _has(role: Role) -> ColumnElement[bool]:
    staffed = select(Membership.id).join(Membership.person).where(Membership.unit_id == Unit.id, Person.is_active)
    return staffed.where(Membership.role == role).exists()
