"""The log of operations and messages by hand, on the screens of operators."""

from __future__ import annotations

import re

import pytest

from engine import instances, jobs, messages, operations, overview
from engine.base import session, transaction
from engine.models import Instance
from settings import ROOT
from tests.engine import drawing as d
from tests.web.staff.conftest import DeskOf
from tests.web.staff.desk import Desk
from tests.web.staff.test_running_pages import WHY, demo, stands, two
from web.pages.staff import running_words


@pytest.fixture
def admin(desk: DeskOf) -> Desk:
    """The administrator at work."""
    return desk("admin")


def listening(key: str = "D-1") -> Instance:
    """An instance that waits for a message."""
    outside, answered = d.message("answered")
    nodes = (d.catch("hear", answered), d.user("check"))
    return demo(
        d.process(d.start(), *nodes, d.end(), d.path("start", "hear", "check", "end"), outside=outside), key=key
    )


# ------------------------------------------------------------------------------------------------------------- log


def test_the_log_tells_who_did_what_to_which_and_why(admin: Desk) -> None:
    instance = demo(two(), n=1)
    with transaction():
        operations.suspend(instance.id, by="admin", reason="<b>wait</b>")
        operations.edit_variables(instance.id, {"n": 2}, by="designer1", reason=WHY)
        operations.suspend_definition("demo", by="admin", reason=WHY)

    page = admin.get("/admin/log")

    acts = ("The process was suspended", "Variables were changed", "It was suspended")
    assert sorted(acts, key=page.text.rindex) == list(acts)
    assert ("<b>wait</b>" in page.text, "<b>wait" in page.source, "n: 1 → 2" in page.text) == (True, False, True)
    assert page.links(f"/admin/instances/{instance.id}")


def test_the_log_is_narrowed_and_goes_on_page_by_page(admin: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.pages.staff.logbook.ROWS", 2)
    instance = demo(two())
    with transaction():
        for _ in range(2):
            operations.suspend(instance.id, by="admin", reason=WHY)
            operations.resume(instance.id, by="admin", reason=WHY)

    first = admin.get("/admin/log")
    rest = admin.get(next(href for href in first.links("/admin/log") if "after=" in href))
    resumed = admin.get("/admin/log?kind=instance_resumed&by=admin")

    assert [len(page.links("/admin/instances/")) for page in (first, rest, resumed)] == [2, 2, 2]
    assert ('rel="next"' in first.source, 'rel="next"' in rest.source) == (True, False)
    assert "Nothing in the log fits this." in admin.get("/admin/log?by=nobody").text
    assert admin.get("/admin/log?after=x&kind=%00").status == 200


def test_every_kind_of_act_has_a_sentence(admin: Desk) -> None:
    sources = [
        (ROOT / "engine" / name).read_text(encoding="utf-8")
        for name in ("operations.py", "migration.py", "beginnings.py")
    ]
    kinds = {
        kind
        for source in sources
        for kind in re.findall(
            r'"((?:instance|definition|token|variables|job|incidents|migration)_[a-z_]*(?:ed|ed_back|undone|begun))"',
            source,
        )
    }

    with admin.client.application.test_request_context("/en"):
        assert kinds - {"instance_ended"} == set(running_words.acts())


# -------------------------------------------------------------------------------------------------------- messages


def test_a_message_is_handed_to_who_waits_for_it(admin: Desk) -> None:
    instance = listening()

    page = admin.follow(
        admin.post("/admin/messages", name="answered", key="D-1", variables='{"text": "yes"}', keep="0")
    )

    assert "Taken by D-1." in page.text
    assert stands(instance) == ["check"]
    assert overview.inside(session().get_one(Instance, instance.id)).variables == {"text": "yes"}


def test_a_message_nobody_waits_for_is_kept_or_refused_and_nothing_is_lost(admin: Desk) -> None:
    listening()
    sent = {"name": "answered", "key": "D-2", "message_id": "m-1"}

    refused = admin.post("/admin/messages", **sent, keep="0", variables='{"text": "kept"}')
    kept = admin.follow(admin.post("/admin/messages", **sent, keep="24"))
    again = admin.follow(admin.post("/admin/messages", **sent, keep="24"))

    assert (refused.status, "&#34;kept&#34;}</textarea>" in refused.source) == (409, True)
    assert "it is kept" in kept.text
    assert "It was known already" in again.text
    with transaction():
        waiting = instances.start("demo", {}, business_key="D-2", by="hanh")
    with transaction():
        messages.look_after_kept()  # the clock does
    jobs.run_waiting()
    assert stands(waiting) == ["check"]


def test_all_that_is_wrong_with_a_message_is_told_at_once(admin: Desk) -> None:
    wrong = {"key": "x" * 201, "message_id": "x" * 201, "variables": '{"a": }', "keep": "5"}
    page = admin.post("/admin/messages", **wrong)
    large = admin.post("/admin/messages", name="answered", variables='{"a": "' + "x" * 5000 + '"}')

    assert page.status == 422
    assert set(page.links("#f-")) == {"#f-name", "#f-key", "#f-message_id", "#f-variables", "#f-keep"}
    assert (large.status, set(large.links("#f-"))) == (422, {"#f-variables"})


@pytest.mark.parametrize("username", ["supervisor", "designer1", "auditor"])
def test_others_send_no_messages(desk: DeskOf, username: str) -> None:
    instance = listening()

    assert desk(username).post("/admin/messages", name="answered", key="D-1", keep="0").status == 403
    assert stands(instance) == ["hear"]
