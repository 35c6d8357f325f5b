"""The doors of the cases, hung by the modules beside this one."""

from __future__ import annotations

from api.doors import Doors
from api.guards import MayNotOpen, person
from cases import access, cases
from cases.models import Case

doors = Doors("api_cases", __name__, url_prefix="/api/cases", description="The cases as the officials see them")


def shown(code: str) -> Case:
    """A case the person who asks may see. Raises: CaseNotFound, MayNotOpen."""
    case = cases.find_by_code(code)
    if not access.may_see_case(person(), case):
        raise MayNotOpen
    return case
