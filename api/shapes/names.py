"""Small shapes that stand in many others: names in both languages, statuses, deadlines, places."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

import words
from api import languages
from cases.models import Membership


class Words(fields.Field[dict[str, str]]):
    """The name of a row, by language: `{"vi": …, "en": …}`."""

    _CHECK_ATTRIBUTE = False

    def _serialize(self, value: object, attr: str | None, obj: Any, **_kwargs: object) -> dict[str, str]:
        return {"vi": obj.name_vi, "en": obj.name_en}


class StatusWords(fields.Field[dict[str, str]]):
    """The words for a status or step, by language."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **_kwargs: object) -> dict[str, str]:
        return languages.in_each(lambda: words.status(str(value)))


def moment(description: str = "", *, can_miss: bool = True) -> fields.AwareDateTime:
    """A moment in UTC."""
    said = {"description": description} if description else {}
    return fields.AwareDateTime(allow_none=can_miss, metadata=said)


def maybe_text() -> fields.String:
    """A text, or null."""
    return fields.String(allow_none=True)


class Name(Schema):
    """Something with a code and a name."""

    code = fields.String()
    name = Words()


class MembershipShape(Schema):
    """A role in a unit."""

    unit = fields.Nested(Name)
    role = fields.String()


class DeadlineShape(Schema):
    """A promise to a case: `amount` of `unit` is what is left, or by how much it was or is missed."""

    kind = fields.String(metadata={"description": "accept, resolve or answer"})
    state = fields.String(metadata={"description": "ontime, soon, overdue, paused, met, late or ended"})
    amount = fields.Integer()
    unit = fields.String(metadata={"description": "minutes, hours, working_hours, days or working_days"})
    due_at = moment(can_miss=False)
    started_at = moment(can_miss=False)
    extended_days = fields.Integer(metadata={"description": "working days a leader has added"})


def roles(memberships: list[Membership]) -> list[dict[str, Any]]:
    """Memberships as JSON."""
    told: list[dict[str, Any]] = MembershipShape(many=True).dump(memberships)
    return told
