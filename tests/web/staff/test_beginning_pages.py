"""How processes begin, on the screens of operators: what is told of them, and instances started by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from engine import clock, operations
from engine.base import session, transaction
from engine.ledger import Operation
from engine.models import Instance
from tests.engine.test_beginnings import CAUGHT, daily, drawn
from tests.web.staff.conftest import DeskOf
from tests.web.staff.desk import Desk
from tests.web.staff.test_running_pages import WHY, deployed, stands

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
FORM = "/admin/processes/demo/instances"


@pytest.fixture
def admin(desk: DeskOf) -> Desk:
    """The administrator at work."""
    return desk("admin")


def ways(*events: tuple[str, str]) -> None:
    with clock.at(MONDAY), transaction():
        deployed(drawn(*events))


def count() -> int:
    return session().query(Instance).count()


def test_each_live_process_tells_how_it_begins(admin: Desk) -> None:
    ways(("plain", ""), ("asked", CAUGHT), ("daily", daily()), ("thrice", daily("R3/P1D")), ("single", daily("R1/P1D")))

    page = admin.get("/admin/processes")

    assert "Begin plain: by hand, by a report or from another process" in page.text
    assert "Begin asked: by the message “asked”" in page.text
    assert "Begin daily: again and again, next at 08:00, Tue 24/11/2026" in page.text
    assert "Begin thrice: 3 more times, next at 08:00, Tue 24/11/2026" in page.text
    assert "Begin single: once, at 08:00, Tue 24/11/2026" in page.text
    assert page.links(FORM) == [FORM]


def test_a_process_with_one_start_says_so_in_a_line(admin: Desk) -> None:
    ways(("asked", CAUGHT))

    assert "It begins : By the message “asked”" in admin.get("/admin/processes").text.replace("begins:", "begins :")


def test_an_instance_is_started_and_looked_at(admin: Desk) -> None:
    ways(("plain", ""), ("asked", CAUGHT))
    form = admin.get(FORM)
    page = admin.follow(
        admin.post(FORM, start_event="asked", business_key="D-1", variables='{"street": "Lê Lợi"}', reason=WHY)
    )

    assert 'value="plain" selected' in form.source
    assert "The instance was started." in page.text
    assert "Lê Lợi" in page.text
    assert stands(session().scalars(select(Instance)).one()) == ["work_asked"]
    told = session().scalars(select(Operation)).one()
    assert (told.kind, told.by, told.reason) == ("instance_begun", "admin", WHY)
    assert "It was begun by hand" in admin.get("/admin/log").text


def test_there_is_nothing_to_choose_where_there_is_one_start(admin: Desk) -> None:
    ways(("plain", ""))

    assert "start_event" not in admin.get(FORM).source
    assert admin.post(FORM, reason=WHY).status == 303
    assert count() == 1


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"reason": "", "variables": '{"a": }', "business_key": "k" * 201}, {"reason", "variables", "business_key"}),
        ({"reason": WHY, "business_key": "D-1"}, {"business_key"}),
        ({"reason": WHY, "start_event": ""}, {"start_event"}),
        ({"reason": WHY, "start_event": "nowhere"}, {"start_event"}),
        ({"reason": WHY, "variables": '{"a b": 1}'}, {"variables"}),
        ({"reason": WHY, "variables": '{"a": "' + "x" * 5000 + '"}'}, {"variables"}),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_lost(
    admin: Desk, given: dict[str, Any], fields: set[str]
) -> None:
    ways(("asked", CAUGHT), ("daily", daily()))
    admin.post(FORM, start_event="asked", business_key="D-1", reason=WHY)

    page = admin.post(FORM, **{"start_event": "daily", "business_key": "D-2", "variables": '{"kept": 1}', **given})

    assert page.status == 422
    assert set(page.links("#f-")) == {f"#f-{name}" for name in fields}
    assert given.get("business_key", "D-2") in page.source
    assert "variables" in given or "{&#34;kept&#34;: 1}</textarea>" in page.source
    assert count() == 1


def test_a_suspended_process_starts_nothing_and_an_unknown_one_is_none(admin: Desk) -> None:
    ways(("plain", ""))
    with transaction():
        operations.suspend_definition("demo", by="admin", reason=WHY)

    refused = admin.post(FORM, reason=WHY)

    assert (admin.get(FORM).status, refused.status, count()) == (200, 409, 0)
    assert f"{WHY}</textarea>" in refused.source
    assert admin.get("/admin/processes/x/instances").status == 404
    assert admin.post("/admin/processes/x/instances", reason=WHY).status == 404


@pytest.mark.parametrize("username", ["supervisor", "designer1", "auditor"])
def test_others_start_nothing(desk: DeskOf, username: str) -> None:
    ways(("plain", ""))

    assert (desk(username).get(FORM).status, desk(username).post(FORM, reason=WHY).status) == (403, 403)
    assert count() == 0
