"""Before a version may run: whether its table of targets promises something sensible for every category of the city."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from sqlalchemy import select

from cases import city, targets
from cases.models import Area, Category, Setting
from engine import registry
from engine.base import session
from engine.lint import Finding
from engine.models import Definition

RULE = "targets"


@registry.objector
def objections(definition: Definition, decisions: Mapping[str, Any]) -> Iterator[Finding]:
    """Every promise of the table that is no time or on no calendar, and what no rule is for; once for each wrong thing."""
    decision = decisions.get(targets.DECISION)
    if decision is None or session().get(Setting, city.KEY) is None:
        return
    told: dict[str, list[str]] = {}
    for category, area, urgency in product(_categories(definition.key), _areas(), targets.Urgency):
        try:
            targets.decide(decision, category, area, urgency)
        except targets.BadTargets as error:
            about = told.setdefault(str(error), [])
            if category.code not in about:
                about.append(category.code)
    file = _file(definition)
    yield from (_finding(file, wrong, about) for wrong, about in told.items())


def _categories(key: str) -> list[Category]:
    query = select(Category).where(Category.process_key == key, Category.is_active).order_by(Category.position)
    return list(session().scalars(query))


def _areas() -> list[str | None]:
    return [None, *session().scalars(select(Area.code).order_by(Area.id))]


def _file(definition: Definition) -> str:
    named = f'id="{targets.DECISION}"'.encode()
    return next((file.name for file in definition.files if file.name.endswith(".dmn") and named in file.content), "")


def _finding(file: str, wrong: str, about: list[str]) -> Finding:
    which = ", ".join(about[:5]) + (" …" if len(about) > 5 else "")
    return Finding(
        file=file,
        rule=RULE,
        element_id=targets.DECISION,
        element_name=None,
        severity="error",
        message_en=f"The table of targets cannot be kept for {which}: {wrong}.",
        message_vi=f"Bảng thời hạn không dùng được cho {which}: {wrong}.",
        remedy_en="Write an amount above 0 with its measure (working_hours, working_days, hours), or null for no target, and a calendar of the city; add a last rule for everything else.",  # one sentence
        remedy_vi="Ghi số lớn hơn 0 kèm đơn vị (working_hours, working_days, hours), hoặc null nếu không đặt thời hạn, và một lịch của thành phố; thêm một dòng cuối cho mọi trường hợp còn lại.",  # one sentence
    )
