"""Running instances taken to another version, on screen: looked at before, followed, taken back."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from engine import definitions, jobs, migration
from engine.base import session, transaction
from engine.ledger import Migration, Operation
from engine.models import Instance
from tests import town as cast
from tests.web.staff.conftest import DeskOf
from tests.web.staff.desk import Desk
from tests.web.staff.test_running_pages import WHY, demo, stands, two

PLAN = "/admin/processes/demo/migration"


@pytest.fixture
def designer(desk: DeskOf) -> Desk:
    """Who draws processes may also let instances go to them."""
    return desk("designer1")


def renamed(number: int = 1) -> list[Instance]:
    """Instances on version 1; in version 2 the step they wait at is called otherwise."""
    made = [demo(two(), key=f"D-{one}") for one in range(number)]
    with transaction():
        definitions.deploy({"demo.bpmn": two("check", "second")}, by="mai")
    return made


def begun() -> Migration:
    return session().scalars(select(Migration)).one()


def test_a_look_says_who_can_go_and_why_the_others_cannot(designer: Desk) -> None:
    (instance,) = renamed()

    blank = designer.get(PLAN)
    looked = designer.get(f"{PLAN}?to=2&source=")
    named = designer.get(f"{PLAN}?to=2&source=1&map-first=check")

    assert ("Look what would happen" in blank.text, "would go" in blank.text) == (True, False)
    assert "Of the 1 looked at: 0 can go, 1 cannot." in looked.text
    assert "First: Something waits here, and the other version has no such element." in looked.text
    assert re.findall(r'<select[^>]*name="map-(\w+)"', looked.source) == ["first"]
    assert "Gone: choose one" in looked.text
    assert "Of the 1 looked at: 1 can go, 0 cannot." in named.text
    assert (stands(instance), session().scalars(select(Migration)).all()) == (["first"], [])


def test_a_migration_is_begun_followed_and_taken_back(designer: Desk) -> None:
    made = renamed(2)
    sent = {"to": "2", "source": "1", "map-first": "check"}

    page = designer.follow(designer.post(PLAN, **sent, reason=WHY))
    assert ("0 of 2 instances" in page.text, 'hx-trigger="every 2s"' in page.source) == (True, True)
    jobs.run_waiting()
    done = designer.get(page.response.request.path)
    assert ("2 of 2 instances" in done.text, "every 2s" in done.source, "went over 2" in done.text) == (
        True,
        False,
        True,
    )
    assert [stands(one) for one in made] == [["check"], ["check"]]

    (href,) = done.links(f"/admin/migrations/{begun().id}/reversal")
    silent = designer.post(href, reason="")
    back = designer.follow(designer.post(href, reason=WHY))
    jobs.run_waiting()
    undone = designer.get(f"/admin/migrations/{begun().id}")
    again = designer.post(href, reason="kept words")

    assert (silent.status, bool(silent.links("#f-reason"))) == (422, True)
    assert "The migration is being taken back." in back.text
    assert ("2 of 2 instances" in undone.text, "was taken back 2" in undone.text) == (True, True)
    assert [stands(one) for one in made] == [["first"], ["first"]]
    assert (again.status, "kept words</textarea>" in again.source) == (409, True)
    kinds = session().scalars(select(Operation.kind).order_by(Operation.id)).all()
    assert (kinds[0], kinds.count("instance_migrated_back")) == ("migration_started", 2)
    assert "Demo to version 2" in designer.get("/admin/migrations").text


def test_what_stayed_where_it_was_is_told_with_its_reason(designer: Desk) -> None:
    renamed(2)
    page = designer.follow(designer.post(PLAN, to="2", source="", reason=WHY))
    jobs.run_waiting()

    done = designer.get(f"{page.response.request.path}?state=refused")
    none = designer.get(f"{page.response.request.path}?state=migrated")

    assert done.text.count("has no such element") == 2
    assert "Undo the migration" not in done.text
    assert "There are none." in none.text


def test_what_is_wrong_with_a_plan_is_told_beside_its_field(designer: Desk) -> None:
    renamed()
    wrong = {
        "to=": "#f-to", "to=9": "#f-to", "to=x": "#f-to", "to=1&source=1": "#f-to", "to=2&source=7": "#f-source",
        "to=2&map-first=nowhere": "#f-map-first",
    }  # fmt: skip

    pages = {query: designer.get(f"{PLAN}?{query}") for query in wrong}
    silent = designer.post(PLAN, to="2", **{"map-first": "check"}, reason="")
    nowhere = designer.post(PLAN, to="9", reason="kept words")

    assert {query: page.status for query, page in pages.items()} == dict.fromkeys(wrong, 422)
    assert {query: [href for href in page.links("#f-") if href == wrong[query]] for query, page in pages.items()} == {
        query: [where] for query, where in wrong.items()
    }
    assert (silent.status, bool(silent.links("#f-reason")), 'value="check" selected' in silent.source) == (
        422,
        True,
        True,
    )
    assert nowhere.status == 422
    assert session().scalars(select(Migration)).all() == []


def test_lists_go_on_page_by_page(designer: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.pages.staff.moving.ROWS", 2)
    monkeypatch.setattr("web.pages.staff.moved.ROWS", 2)
    renamed(3)

    first = designer.get(f"{PLAN}?to=2&map-first=check")
    rest = designer.get(next(href for href in first.links(PLAN) if "after=" in href))
    page = designer.follow(designer.post(PLAN, to="2", **{"map-first": "check"}, reason=WHY))
    more = designer.get(next(href for href in page.links("/admin/migrations/") if "after=" in href))

    assert ["3 instances would go" in one.text for one in (first, rest)] == [True, True]
    assert ("2 can go" in first.text, "Of the 1 looked at: 1 can go" in rest.text) == (True, True)
    assert [len(re.findall("D-[0-9]", one.text)) for one in (page, more)] == [2, 1]


def test_the_page_of_a_version_leads_there(designer: Desk, desk: DeskOf) -> None:
    renamed()

    assert designer.get("/design/demo/2").links(PLAN) == [f"{PLAN}?to=2"]
    assert desk("admin").get("/admin/processes").links(PLAN) == [PLAN]
    assert designer.get(f"{PLAN}?to=2").links("/admin/instances/") == []


@pytest.mark.parametrize("username", [cast.SUPERVISOR, cast.OFFICIAL, "auditor"])
def test_others_do_not_migrate(desk: DeskOf, username: str) -> None:
    (instance,) = renamed()
    with transaction():
        wish = migration.plan("demo", to=2, mapping={"first": "check"})
        one = migration.start(wish, by="admin", reason=WHY).id
    person = desk(username)

    paths = [PLAN, "/admin/migrations", f"/admin/migrations/{one}", f"/admin/migrations/{one}/reversal"]
    assert {person.get(path).status for path in paths} == {403}
    assert {person.post(path, to="2", reason=WHY).status for path in (PLAN, paths[3])} == {403}
    assert stands(instance) == ["first"]


def test_what_does_not_exist_is_not_found(designer: Desk) -> None:
    paths = ("/admin/processes/x/migration", "/admin/migrations/9", "/admin/migrations/9/reversal")

    assert {designer.get(path).status for path in paths} == {404}
    assert {designer.post(path, to="2", reason=WHY).status for path in (paths[0], paths[2])} == {404}
