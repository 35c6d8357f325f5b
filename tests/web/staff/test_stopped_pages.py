"""What stopped, on the screens of operators: tried again one by one and all alike, skipped with a value; processes held."""

from __future__ import annotations

import uuid

import pytest

from engine import definitions, incidents, jobs, operations, overview
from engine.base import session, transaction
from engine.models import Incident, Instance, Job
from tests import town as cast
from tests.web.staff.conftest import DeskOf
from tests.web.staff.desk import Desk
from tests.web.staff.test_running_pages import WHY, at, demo, failing, log, stands, two


@pytest.fixture
def admin(desk: DeskOf) -> Desk:
    """The administrator at work."""
    return desk("admin")


def stopped(number: int = 1) -> list[Instance]:
    """Instances that stand still for the same cause."""
    made = [demo(failing(), key=f"D-{one}", amount="many") for one in range(number)]
    jobs.run_waiting()
    return made


def job_of(instance: Instance) -> Job:
    return session().query(Job).filter_by(instance_id=instance.id).one()


def test_incidents_lead_to_their_instance_and_say_how_many_are_alike(admin: Desk) -> None:
    first, _second, _third = stopped(3)

    page = admin.get("/admin/incidents")

    assert page.links(at(first))
    assert ("no amount" in page.text, "3 incidents" in page.text, "Try all 3 again" in page.text) == (True, True, True)


def test_all_alike_are_tried_again_with_a_reason(admin: Desk) -> None:
    stopped(3)
    (href,) = set(admin.get("/admin/incidents").links("/admin/incidents/"))
    asked = admin.get(href)

    silent = admin.post(href, reason="")
    done = admin.follow(admin.post(href, reason=WHY))
    late = admin.post(href, reason="kept words")

    assert "Try all 3 again" in asked.text
    assert (silent.status, bool(silent.links("#f-reason"))) == (422, True)
    assert "3 incidents are being tried again." in done.text
    assert incidents.open_incidents() == []
    assert (late.status, "already been resolved" in late.text, "kept words" in late.source) == (409, True, True)
    assert "This incident is over." in admin.get(href).text


def test_the_list_goes_on_page_by_page(admin: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.pages.staff.stopped.ROWS", 2)
    made = stopped(3)

    first = admin.get("/admin/incidents")
    rest = admin.get(first.links("/admin/incidents?")[0])

    assert [len(page.links("/admin/instances/")) for page in (first, rest)] == [2, 1]
    assert {href for page in (first, rest) for href in page.links("/admin/instances/")} == {at(one) for one in made}
    assert "Several of the same kind" not in rest.text


def test_one_is_tried_again_from_its_instance(admin: Desk) -> None:
    (instance,) = stopped()
    (incident,) = overview.open_incidents([instance.id])

    back = admin.follow(admin.post(f"/admin/incidents/{incident.id}/retry", back=instance.id))

    assert (back.heading, "It is being tried again." in back.text) == ("D-0", True)
    assert job_of(instance).state == "waiting"


def test_a_job_is_skipped_with_a_value_once(admin: Desk) -> None:
    (instance,) = stopped()
    (href,) = admin.get(at(instance)).links("/admin/jobs/")
    asked = admin.get(href)

    broken = admin.post(href, result='{"doubled": }', reason="kept words")
    no_object = admin.post(href, result="[1]", reason=WHY)
    reserved = admin.post(href, result='{"self": 1}', reason=WHY)
    done = admin.follow(admin.post(href, result='{"doubled": 4}', reason=WHY))
    again = admin.post(href, result="", reason=WHY)

    assert ("no amount" in asked.text, "“amount”" in asked.text or '"amount": "many"' in asked.text) == (True, True)
    assert [one.status for one in (broken, no_object, reserved)] == [422] * 3
    assert all(one.links("#f-result") for one in (broken, no_object, reserved))
    assert ("look at line 1, column" in broken.text, "kept words</textarea>" in broken.source) == (True, True)
    assert "The job was skipped" in done.text
    assert (stands(instance), log(instance)) == (["check"], [("job_skipped", "admin", WHY)])
    assert overview.inside(session().get_one(Instance, instance.id)).variables == {"amount": "many", "doubled": 4}
    assert again.status == 409
    assert "nothing to skip" in admin.get(href).text


def test_what_does_not_exist_is_not_found(admin: Desk) -> None:
    paths = (
        f"/admin/jobs/{uuid.UUID(int=1)}/skip",
        "/admin/jobs/x/skip",
        "/admin/incidents/999/alike",
        "/admin/processes/x/suspension",
    )

    assert {admin.get(path).status for path in paths} == {404}
    assert {admin.post(path, reason=WHY).status for path in paths} == {404}


@pytest.mark.parametrize("username", [cast.SUPERVISOR, "designer1", "auditor", cast.LEADER])
def test_nobody_else_mends(desk: DeskOf, username: str) -> None:
    (instance,) = stopped()
    (incident,) = overview.open_incidents([instance.id])
    acts = (f"/admin/incidents/{incident.id}/retry", f"/admin/incidents/{incident.id}/alike",
            f"/admin/jobs/{job_of(instance).id}/skip", "/admin/processes/demo/suspension")  # fmt: skip
    person = desk(username)

    assert {person.post(act, reason=WHY).status for act in acts} == {403}
    assert {person.get(act).status for act in acts[1:]} == {403}
    assert session().get_one(Incident, incident.id).resolved_at is None


# ------------------------------------------------------------------------------------------------------- processes


def test_processes_are_shown_with_what_runs_on_each_version(admin: Desk) -> None:
    demo(two())
    with transaction():
        operations.suspend(demo(two(), key="D-2").id, by="admin", reason=WHY)

    page = admin.get("/admin/processes")

    assert "Version 1 Live 1 1 0" in page.text
    assert page.links("/admin/instances?process=demo")


def test_a_whole_process_is_suspended_and_goes_on(admin: Desk) -> None:
    instance = demo(two())
    silent = admin.post("/admin/processes/demo/suspension", reason="")
    strange = admin.post("/admin/processes/demo/suspension", reason=WHY, version="x")
    held = admin.follow(admin.post("/admin/processes/demo/suspension", reason=WHY))
    of_one = admin.get(at(instance))
    twice = admin.post("/admin/processes/demo/suspension", reason="once more")
    went_on = admin.follow(admin.post("/admin/processes/demo/resumption", reason=WHY, version="1"))

    assert (silent.status, strange.status, twice.status) == (422, 422, 409)
    assert (bool(silent.links("#f-reason")), bool(strange.links("#f-version"))) == (True, True)
    assert "The process is suspended." in held.text
    assert "Its whole process is suspended" in of_one.text
    assert "once more</textarea>" in twice.source
    assert "The process goes on." in went_on.text
    assert not definitions.active("demo").is_suspended
    assert admin.post("/admin/processes/demo/suspension", reason=WHY, version="9").status == 404
