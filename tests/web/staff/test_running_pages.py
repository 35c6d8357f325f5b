"""Running instances on the screens of operators: found, looked at, held, cancelled, moved, mended."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from cases.models import Unit
from engine import definitions, instances, jobs, operations, overview, registry
from engine.base import session, transaction
from engine.ledger import Operation
from engine.models import Instance
from tests import town as cast
from tests.engine import drawing as d
from tests.web.staff.conftest import DeskOf
from tests.web.staff.desk import Desk, Page

WHY = "a test of the screens"


@registry.handler("test_web_double", retries=())
def double(amount: int | None) -> dict[str, int]:
    if not isinstance(amount, int):
        raise TypeError("no amount")
    return {"doubled": amount * 2}


@pytest.fixture
def admin(desk: DeskOf) -> Desk:
    """The administrator at work."""
    return desk("admin")


def deployed(xml: bytes) -> None:
    """A process of its own; there is a unit for its tasks."""
    if session().scalar(select(Unit).where(Unit.code == "roads")) is None:
        session().add(Unit(code="roads", name_vi="Đường", name_en="Roads", kind="room"))
    definitions.deploy({"demo.bpmn": xml}, by="mai")


def demo(xml: bytes, key: str = "D-1", **variables: Any) -> Instance:
    """An instance that runs for no case."""
    with transaction():
        deployed(xml)
        return instances.start("demo", variables, business_key=key, by="hanh")


def two(first: str = "first", second: str = "second") -> bytes:
    return d.simple(d.user(first), d.user(second), names=(first, second))


def failing() -> bytes:
    return d.simple(d.service("double", "test_web_double"), d.user("check"), names=("double", "check"))


def at(instance: Instance, act: str = "") -> str:
    return f"/admin/instances/{instance.id}{act}"


def revision(page: Page) -> str:
    """What the form was made from."""
    found = re.search(r'name="revision" value="(\d+)"', page.source)
    assert found is not None, page.text[:800]
    return found[1]


def stands(instance: Instance) -> list[str]:
    return [one.element_id for one in overview.waits(instance.id)]


def log(instance: Instance) -> list[tuple[str, str, str]]:
    query = select(Operation).where(Operation.instance_id == instance.id).order_by(Operation.id)
    return [(one.kind, one.by, one.reason) for one in session().scalars(query)]


# ------------------------------------------------------------------------------------------------------------ list


def test_the_list_says_where_each_stands_and_leads_to_its_report(admin: Desk) -> None:
    code = cast.report().tracking_code
    demo(two())

    page = admin.get("/admin/instances")

    assert (page.heading, "D-1" in page.text, "Running" in page.text, "First" in page.text) == (
        "Instances",
        True,
        True,
        True,
    )
    assert admin.get("/admin/instances?q=D-").links(f"/c/{code}") == []
    assert page.links(f"/c/{code}")


def test_the_list_is_narrowed_by_process_state_and_key(admin: Desk) -> None:
    made = [demo(two(), key=f"D-{number}") for number in range(3)]
    with transaction():
        operations.suspend(made[0].id, by="admin", reason=WHY)
        operations.cancel(made[1].id, by="admin", reason=WHY)
    cast.report()

    def keys(query: str) -> list[str]:
        found = admin.get(f"/admin/instances?{query}").links("/admin/instances/")
        return [session().get_one(Instance, int(href.rpartition("/")[2])).business_key for href in found]

    assert keys("process=demo") == ["D-2", "D-1", "D-0"]
    assert (keys("state=suspended"), keys("state=ended"), keys("state=stuck")) == (["D-0"], ["D-1"], [])
    assert (keys("process=demo&state=running"), keys("q=D-1")) == (["D-2"], ["D-1"])
    assert "No instance fits this." in admin.get("/admin/instances?q=%00%25").text


def test_the_list_goes_on_page_by_page(admin: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.pages.staff.running.ROWS", 2)
    made = [demo(two(), key=f"D-{number}") for number in range(3)]

    first = admin.get("/admin/instances?process=demo")
    rest = admin.get(next(href for href in first.links("/admin/instances?") if "after=" in href))

    assert [len(page.links("/admin/instances/")) for page in (first, rest)] == [2, 1]
    assert rest.links(at(made[0]))
    assert "There are no more instances here." in admin.get("/admin/instances?after=1").text


# ------------------------------------------------------------------------------------------------------------- one


def test_an_instance_is_shown_from_inside(admin: Desk) -> None:
    instance = demo(failing(), amount="many", street="Lê Lợi <b>")
    jobs.run_waiting()

    page = admin.get(at(instance))

    assert page.heading == "D-1"
    for said in ("amount", "many", "Lê Lợi <b>", "no amount", "An attempt failed", "Double", "has failed", "1 attempt"):
        assert said in page.text
    assert "<b>" not in page.source
    assert 'data-island="diagram"' not in page.source
    assert b"<bpmn" in admin.get(at(instance, "/process.bpmn")).response.data


def test_the_drawing_marks_where_it_stands_and_what_is_done(admin: Desk) -> None:
    case = cast.accepted()
    page = admin.get(f"/admin/instances/{case.instance_id}")

    assert 'data-active="resolve"' in page.source
    visited = page.source.split('data-visited="')[1].split('"')[0].split(",")
    assert {"received", "acknowledge", "intake_check", "accept", "assign"} <= set(visited)
    assert "resolve" not in visited


def test_an_instance_that_cannot_be_read_says_so_and_can_be_cancelled(admin: Desk) -> None:
    instance = demo(two())
    with transaction():
        session().get_one(Instance, instance.id).state = b"\x09broken"

    page = admin.get(at(instance))
    asked = admin.get(at(instance, "/cancellation"))
    done = admin.follow(admin.post(at(instance, "/cancellation"), reason=WHY, revision=revision(asked)))

    assert "This instance cannot be read" in page.text
    assert "UnknownStateVersion" in admin.get(at(instance, "/variables")).text
    assert "The instance was cancelled." in done.text


def test_what_does_not_exist_is_not_found(admin: Desk) -> None:
    paths = (
        "999",
        "99999999999999",
        "999/suspension",
        "999/variables",
        "999/tokens/x",
        "1/explosion",
        "999/process.bpmn",
    )

    assert {admin.get(f"/admin/instances/{path}").status for path in paths} == {404}
    assert admin.post("/admin/instances/999/suspension", reason=WHY).status == 404


# ------------------------------------------------------------------------------------------------- hold and cancel


def test_an_instance_is_suspended_and_goes_on(admin: Desk) -> None:
    instance = demo(two())
    assert "Suspend this instance?" in admin.get(at(instance, "/suspension")).text

    held = admin.follow(admin.post(at(instance, "/suspension"), reason=WHY))
    twice = admin.post(at(instance, "/suspension"), reason="once more")
    went_on = admin.follow(admin.post(at(instance, "/resumption"), reason=WHY))

    assert "The instance is suspended." in held.text
    assert (twice.status, "It is so already." in twice.text, "once more</textarea>" in twice.source) == (
        409,
        True,
        True,
    )
    assert "It was suspended" in twice.text
    assert "The instance goes on." in went_on.text
    assert log(instance) == [("instance_suspended", "admin", WHY), ("instance_resumed", "admin", WHY)]


@pytest.mark.parametrize("act", ["suspension", "cancellation", "variables", "tokens/x"])
def test_every_act_needs_a_reason(admin: Desk, act: str) -> None:
    instance = demo(two())
    page = admin.post(at(instance, f"/{act}"), reason=" ", revision="0")

    assert page.status == 422
    assert page.links("#f-reason")
    assert (log(instance), stands(instance)) == ([], ["first"])


def test_a_case_ends_with_its_cancelled_instance(admin: Desk) -> None:
    case = cast.accepted()
    instance = session().get_one(Instance, case.instance_id)
    asked = admin.get(at(instance, "/cancellation"))
    assert "This cannot be undone." in asked.text

    page = admin.follow(admin.post(at(instance, "/cancellation"), reason="Sent by mistake", revision=revision(asked)))

    session().expire_all()
    assert (case.status, stands(instance)) == ("cancelled", [])
    assert "Ended" in page.text
    assert admin.post(at(instance, "/cancellation"), reason=WHY, revision="0").status == 409


# ------------------------------------------------------------------------------------------------------- the token


def test_a_token_is_moved_to_an_element_that_is_offered(admin: Desk) -> None:
    instance = demo(two())
    (href,) = admin.get(at(instance)).links(at(instance, "/tokens/"))
    asked = admin.get(href)

    nowhere = admin.post(href, to="nowhere", reason=WHY, revision=revision(asked))
    nothing = admin.post(href, reason=WHY, revision=revision(asked))
    moved = admin.follow(admin.post(href, to="second", reason=WHY, revision=revision(asked)))
    again = admin.post(href, to="first", reason="kept words", revision=revision(asked))

    assert re.findall(r'<option value="(\w+)"', asked.source) == ["first", "second"]
    assert (nowhere.status, "The process has no such element." in nowhere.text) == (409, True)
    assert (nothing.status, bool(nothing.links("#f-to"))) == (422, True)
    assert ("The token was moved." in moved.text, "First → Second" in moved.text) == (True, True)
    assert (again.status, "kept words</textarea>" in again.source) == (409, True)
    assert (stands(instance), log(instance)) == (["second"], [("token_moved", "admin", WHY)])


def test_only_elements_are_offered_to_which_the_engine_moves(admin: Desk) -> None:
    late = d.boundary("late", "work", d.timer("timeDuration", '"PT1H"'), interrupting=False)
    flows = (d.path("start", "work", "check", "end"), d.path("late", "tell", "n"))
    instance = demo(
        d.process(d.start(), d.user("work"), d.user("check"), d.end(), late, d.user("tell"), d.end("n"), *flows)
    )
    offered = {
        one.element_id: re.findall(r'<option value="(\w+)"', admin.get(at(instance, f"/tokens/{one.uid}")).source)
        for one in overview.waits(instance.id)
    }

    assert offered == {"work": ["work", "check"], "late": []}


# ------------------------------------------------------------------------------------------------------- variables


def test_variables_are_changed_in_fields_of_their_kind(admin: Desk) -> None:
    instance = demo(two(), n=1, street="Lê Lợi", is_wet=True, tags=["a"], left=2)
    form = admin.get(at(instance, "/variables"))
    was = {"was-n": "1", "was-street": "Lê Lợi", "was-is_wet": "true", "was-tags": '["a"]', "was-left": "2"}
    sent = {"v-n": "2.5", "v-street": "Quang Trung", "v-is_wet": "false", "v-tags": '["a", "b"]', "v-left": "2"}

    admin.follow(
        admin.post(at(instance, "/variables"), **was, **sent, others='{"m": null}', reason=WHY, revision=revision(form))
    )

    present = overview.inside(session().get_one(Instance, instance.id)).variables
    assert present == {"n": 2.5, "street": "Quang Trung", "is_wet": False, "tags": ["a", "b"], "left": 2, "m": None}
    (act,) = session().scalars(select(Operation).where(Operation.instance_id == instance.id))
    assert "left" not in act.particulars["after"]
    assert "street: Lê Lợi → Quang Trung" in admin.get(at(instance)).text


def test_what_is_wrong_with_variables_is_told_beside_each_and_nothing_is_lost(admin: Desk) -> None:
    instance = demo(two(), n=1, street="Lê Lợi")
    form = revision(admin.get(at(instance, "/variables")))
    was = {"was-n": "1", "was-street": "Lê Lợi"}
    broken = '{"a": 1,\n "b": }'

    page = admin.post(
        at(instance, "/variables"),
        **was,
        **{"v-n": "many", "v-street": "Quang Trung"},
        others=broken,
        reason="",
        revision=form,
    )
    names = admin.post(at(instance, "/variables"), others='{"self": 1, "a b": 2, "n": 3}', reason=WHY, revision=form)
    big = admin.post(at(instance, "/variables"), **was, **{"v-street": "x" * 5000}, reason=WHY, revision=form)
    nul = admin.post(at(instance, "/variables"), others=r'{"a": "\u0000"}', reason=WHY, revision=form)
    deep = admin.post(
        at(instance, "/variables"), others='{"a": ' + "[" * 400 + "]" * 400 + "}", reason=WHY, revision=form
    )
    nothing = admin.post(at(instance, "/variables"), **was, **{"v-n": "1"}, reason=WHY, revision=form)

    assert [one.status for one in (page, names, big, nul, deep, nothing)] == [422] * 6
    assert set(page.links("#f-")) == {"#f-v-n", "#f-others", "#f-reason"}
    assert "look at line 2, column" in page.text
    assert 'value="Quang Trung"' in page.source
    assert "&#34;b&#34;: }</textarea>" in page.source
    assert "This name cannot be used." in names.text
    assert "x" * 5000 in big.source
    assert "Nothing is changed yet." in nothing.text
    assert overview.inside(session().get_one(Instance, instance.id)).variables == {"n": 1, "street": "Lê Lợi"}


def test_who_was_slower_is_told_and_overwrites_nothing(admin: Desk) -> None:
    instance = demo(two(), n=1, street="Lê Lợi")
    form = revision(admin.get(at(instance, "/variables")))
    was = {"was-n": "1", "was-street": "Lê Lợi"}
    with transaction():
        operations.edit_variables(instance.id, {"n": 7}, by="admin", reason="faster")

    page = admin.post(
        at(instance, "/variables"), **was, **{"v-n": "1", "v-street": "Quang Trung"}, reason=WHY, revision=form
    )

    assert (page.status, "Variables were changed" in page.text) == (409, True)
    assert ('value="Quang Trung"' in page.source, 'name="v-n" value="7"' in page.source) == (True, True)
    assert revision(page) != form
    assert overview.inside(session().get_one(Instance, instance.id)).variables == {"n": 7, "street": "Lê Lợi"}
