"""The doors of operators, and how their lists are read."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import Select

from api.doors import Doors
from api.fields import InvalidInput
from api.guards import allowed
from cases import access
from engine.base import session
from engine.errors import Invalid, Problem

doors = Doors(
    "api_operations", __name__, url_prefix="/api/operations", description="Running instances, looked at and mended"
)
operator = allowed(access.may_operate)
migrator = allowed(access.may_migrate)

Row = TypeVar("Row")


def newest(query: Select[Any], key: Any, *, after: int | None, limit: int) -> tuple[list[Any], str | None]:
    """A page of rows by descending id, and where the next one begins."""
    query = query.where(key < after) if after else query
    found = list(session().scalars(query.order_by(key.desc()).limit(limit + 1)))
    return found[:limit], str(found[limit - 1].id) if len(found) > limit else None


def refused(error: Invalid) -> InvalidInput:
    """The problems of a verb as those of the request."""
    return InvalidInput(error.problems)


def wrong(where: str, code: str) -> InvalidInput:
    """One problem of the request."""
    return InvalidInput([Problem(where, code)])
