"""Versions: what is uploaded together stays together, the same again is the same, two at once come one after the other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

import pytest
from flask import Flask
from sqlalchemy import select, text

from bench import deploy as measured
from engine import definitions, registry
from engine.base import session, transaction
from engine.errors import Invalid, InvalidDefinition
from engine.lint import Answers, Vocabulary, check
from engine.lint.diagram import load
from engine.models import Definition, DefinitionState
from tests.engine import drawing as d
from tests.engine.lint import hostile
from tests.engine.lint.asking import bundle, form, person, row
from tests.engine.lint.examples.tasks import DECISION

PLAIN = row(person("a"))
OTHER = row(person("b"), names=("b",))
SLOPPY = PLAIN.replace(b'isExecutable="true"', b'isExecutable="1"')
BROKEN = row(d.user("a", groups=""))
TOPICAL = row('<bpmn:serviceTask id="a" name="Test greet"/>')


def deploy(
    files: bytes | dict[str, bytes], *, draft: bool = False, answers: Answers = definitions.NOT_ASKED
) -> Definition:
    bundle = {"demo.bpmn": files} if isinstance(files, bytes) else files
    with transaction():
        return definitions.deploy(bundle, by="mai", draft=draft, answers=answers)


def states(key: str = "demo") -> dict[int, str]:
    return {one.version: one.state for one in definitions.versions(key)}


def test_files_uploaded_together_are_one_version_and_stay_as_they_are(app: Flask) -> None:
    files = {
        "demo.bpmn": row(d.rule("a", "route"), person("b", formKey="ask"), names=("a", "b")),
        "route.dmn": DECISION,
        "forms/ask.form": form({"type": "textfield", "key": "words"}),
    }
    first = deploy(files)
    kept = {file.name: file.content for file in first.files}

    deploy({**files, "forms/ask.form": form({"type": "number", "key": "words"})})

    assert set(kept) == {"demo.bpmn", "route.dmn", "ask.form"}
    assert {file.name: file.content for file in definitions.get(first.id).files} == kept
    assert states() == {1: DefinitionState.RETIRED, 2: DefinitionState.ACTIVE}


def test_the_same_content_again_is_the_same_version_also_when_it_had_to_be_put_right(app: Flask) -> None:
    first = deploy(SLOPPY)
    assert [one["rule"] for one in first.findings if one["severity"] == "info"] == ["boolean-spelling"]

    assert deploy(SLOPPY).id == first.id
    assert deploy({file.name: file.content for file in first.files}).id == first.id


def test_one_changed_form_is_another_version(app: Flask) -> None:
    asking = row(person("b", formKey="ask"), names=("b",))
    forms = [form({"type": kind, "key": "words"}) for kind in ("textfield", "number")]

    made = [deploy({"demo.bpmn": asking, "ask.form": one}).version for one in forms]

    assert made == [1, 2]


def test_a_draft_with_errors_is_never_activated_by_whatever_way(app: Flask) -> None:
    draft = deploy(BROKEN, draft=True)

    with pytest.raises(InvalidDefinition), transaction():
        definitions.activate(definitions.get(draft.id))
    with pytest.raises(InvalidDefinition):
        deploy(BROKEN)
    with pytest.raises(InvalidDefinition):
        definitions.process_of(draft.id)

    assert states() == {1: DefinitionState.DRAFT}


@pytest.mark.parametrize("key", ["k" * 600_000, "".join(map(chr, range(0x4E00, 0x4E00 + 9_000)))])
def test_a_process_without_a_usable_id_cannot_even_be_a_draft(app: Flask, key: str) -> None:
    with pytest.raises(InvalidDefinition) as refused:
        deploy(PLAIN.replace(b'id="demo"', f'id="{key}"'.encode()), draft=True)

    assert [one.rule for one in refused.value.findings] == ["malformed-id"]


@pytest.mark.parametrize("name", ["", "a\0.bpmn", "a\ud800.bpmn", "\u202e.bpmn", "a" * 100_000 + ".bpmn", "a\n.bpmn"])
def test_a_file_whose_name_cannot_be_kept_is_refused(app: Flask, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        deploy({name: PLAIN}, draft=True)

    assert [one.code for one in refused.value.problems] == ["bad_file_name"]


@pytest.mark.parametrize("name", sorted({**hostile.FILES, **hostile.HARMLESS}))
def test_hostile_files_are_refused_or_kept_and_nothing_else(app: Flask, name: str) -> None:
    files = hostile.HARMLESS[name] if name in hostile.HARMLESS else hostile.FILES[name][0]
    for draft in (True, False):
        with suppress(InvalidDefinition):
            definitions.findings(deploy(dict(bundle(files)), draft=draft))


def test_words_of_a_form_that_no_database_keeps_are_cleaned_before_they_are_told(app: Flask) -> None:
    strange = b'{"id":"ask","components":[{"type":"x\\u0000","key":"a\\u0000"},{"type":"number","key":"a\\u0000"}]}'

    draft = deploy({"demo.bpmn": row(person("a", formKey="ask")), "ask.form": strange}, draft=True)

    assert [one for one in definitions.findings(draft) if one.severity == "error"]


def test_a_refused_upload_leaves_the_live_version_alone(app: Flask) -> None:
    deploy(PLAIN)

    with pytest.raises(InvalidDefinition):
        deploy(BROKEN)

    assert states() == {1: DefinitionState.ACTIVE}


def test_a_proposal_comes_with_the_refusal_and_is_done_once_it_is_accepted(app: Flask) -> None:
    with pytest.raises(InvalidDefinition) as refused:
        deploy(TOPICAL)
    assert [one.rule for one in refused.value.findings] == ["service-without-topic", "topic-proposed"]
    assert [one.code for one in refused.value.problems] == ["service-without-topic"]

    made = deploy(TOPICAL, answers=Answers(accept=True))

    assert (made.state, [one.rule for one in definitions.findings(made)]) == (
        DefinitionState.ACTIVE,
        ["topic-accepted"],
    )
    assert b'topic="test_greet"' in definitions.diagram(made)


def test_a_proposal_of_a_draft_is_told_once(app: Flask) -> None:
    draft = deploy(TOPICAL, draft=True)

    assert [one.rule for one in definitions.findings(draft)].count("topic-proposed") == 1


def test_tasks_that_name_nobody_go_to_the_group_given_at_the_upload(app: Flask) -> None:
    made = deploy(BROKEN, answers=Answers(people="official:roads"))

    assert b'candidateGroups="official:roads"' in definitions.diagram(made)
    assert "group-given" in [one["rule"] for one in made.findings]


def test_where_groups_are_known_a_task_for_another_one_is_refused(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_groups", [lambda: ["intake:ioc"]])

    with pytest.raises(InvalidDefinition) as refused:
        deploy(PLAIN)

    assert [one.rule for one in refused.value.findings] == ["unknown-group"]


def test_the_large_diagram_that_is_measured_is_in_order() -> None:
    known = Vocabulary(handlers=("close_case",), functions=())

    found = check({"large.bpmn": measured.drawing("Large")}, known)

    assert {one.rule for one in found} <= {"task-without-english-name", "missing-end"}
    assert len(list(load("large.bpmn", measured.drawing("Large")).nodes)) == 299


# ------------------------------------------------------------------------------------------------------- two at once


@pytest.mark.parametrize(("second", "expected"), [(OTHER, [1, 2]), (PLAIN, [1])])
def test_two_uploads_of_one_process_at_once_come_one_after_the_other(
    own_app: Flask, second: bytes, expected: list[int]
) -> None:
    holds, may_go = threading.Event(), threading.Event()

    def slowly() -> None:
        with transaction():
            definitions.deploy({"demo.bpmn": PLAIN}, by="mai")
            holds.set()
            may_go.wait(30)

    one = _in_own_connection(own_app, slowly)
    assert holds.wait(30)
    other = _in_own_connection(own_app, lambda: deploy(second))
    with own_app.app_context():
        while other.is_alive() and not (is_waiting := _somebody_waits()):
            session().rollback()
        may_go.set()
        one.join(30)
        other.join(30)
        assert is_waiting
        session().rollback()
        assert sorted(states()) == expected
        live = session().scalars(select(Definition.version).where(Definition.state == DefinitionState.ACTIVE))
        assert list(live) == expected[-1:]


def test_uploads_of_different_processes_do_not_wait_for_each_other(own_app: Flask) -> None:
    with own_app.app_context(), transaction():
        definitions.deploy({"demo.bpmn": PLAIN}, by="mai")
        other = PLAIN.replace(b'id="demo"', b'id="elsewhere"')
        thread = _in_own_connection(own_app, lambda: deploy(other))
        thread.join(30)
        assert not thread.is_alive()


def _in_own_connection(app: Flask, act: Callable[[], object]) -> threading.Thread:
    def run() -> None:
        with app.app_context():
            act()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def _somebody_waits() -> bool:
    waiting = (
        "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
        " WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()"
    )
    return bool(session().scalar(text(waiting)))
