"""Statements that are compiled once do what the unit of work would have done: in its transaction, in its order, with its errors."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, bindparam, select, update
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from engine.base import Base, session, transaction
from engine.models import Definition, Instance
from engine.statements import PORTION, Insertion, Reading, Statement, Together
from tests.engine.test_connections import cut

TABLE = Definition.metadata.tables["definition"]
COLUMNS = (
    "key", "version", "name", "checksum", "state", "deployed_at", "deployed_by", "release_note", "is_suspended", "findings",
)  # fmt: skip
INSERTING = Insertion(TABLE, COLUMNS, returning=("version", "id"))
SEVEN_HOURS_AHEAD = timezone(timedelta(hours=7))


def row(version: int, **other: object) -> dict[str, object]:
    return {
        "key": "flood", "version": version, "name": "Ngập", "checksum": str(version), "state": "draft",
        "deployed_at": datetime(2026, 11, 23, 8, 0, tzinfo=SEVEN_HOURS_AHEAD), "deployed_by": "mai", "release_note": "",
        "is_suspended": False, "findings": [{"rule": "none"}], **other,
    }  # fmt: skip


@pytest.mark.parametrize("count", [0, 1, 2, PORTION, PORTION + 1, 3 * PORTION])
def test_any_number_of_rows_is_written_each_once(app: Flask, count: int) -> None:
    with transaction():
        given = INSERTING.rows([row(number) for number in range(count)])
    found = list(session().scalars(select(Definition).order_by(Definition.version)))
    assert {one.version: one.id for one in found} == {one.version: one.id for one in given}
    assert [one.version for one in found] == list(range(count))


def test_values_are_stored_as_the_models_store_them(app: Flask) -> None:
    with transaction():
        INSERTING.run([row(1)])
    found = session().scalars(select(Definition)).one()
    assert (found.deployed_at, found.findings) == (datetime(2026, 11, 23, 1, 0, tzinfo=UTC), [{"rule": "none"}])
    with pytest.raises(ValueError, match="naive"), transaction():
        INSERTING.run([row(2, deployed_at=datetime(2026, 11, 23))])  # noqa: DTZ001  # what must be refused


def test_what_was_changed_before_is_written_before(app: Flask) -> None:
    activating = Statement(
        update(TABLE).where(TABLE.c.key == bindparam("of"), TABLE.c.state == "draft").values(state="active")
    )
    with transaction():
        session().add(Definition(**row(1)))
        activating.run({"of": "flood"})
    assert session().scalar(select(Definition.state).execution_options(populate_existing=True)) == "active"


def test_an_error_is_that_of_any_statement_and_nothing_stays(app: Flask) -> None:
    with pytest.raises(IntegrityError), transaction():
        INSERTING.run([row(1), row(1)])
    assert session().scalar(select(Definition.id)) is None


def test_a_statement_without_one_of_its_values_is_refused(app: Flask) -> None:
    reading = Statement(select(Instance.id).where(Instance.business_key == bindparam("key")))
    with pytest.raises(ProgrammingError, match="key"), transaction():
        reading.row({})


ALL_OF_ONE = Reading(select(TABLE).where(TABLE.c.key == bindparam("of")), {Definition: list(TABLE.c)})


def test_what_is_read_is_an_object_like_any_that_was_loaded(app: Flask) -> None:
    with transaction():
        INSERTING.run([row(1)])
    assert ALL_OF_ONE.first({"of": "drought"}) is None
    (found,) = ALL_OF_ONE.first({"of": "flood"}) or (None,)
    assert isinstance(found, Definition)
    assert (found.deployed_at, found.findings) == (datetime(2026, 11, 23, 1, 0, tzinfo=UTC), [{"rule": "none"}])
    assert found.deployed_at.tzinfo is UTC
    assert found is session().get(Definition, found.id)
    assert found.files == []
    with transaction():
        found.name = "Lụt"
    assert session().scalar(select(TABLE.c.name)) == "Lụt"


def test_an_object_that_is_known_is_read_afresh(app: Flask) -> None:
    with transaction():
        INSERTING.run([row(1)])
    known = session().scalars(select(Definition)).one()
    session().execute(update(TABLE).values(name="Lụt"))
    session().expire(known, ["release_note"])

    assert known.name == "Ngập"
    assert ALL_OF_ONE.first({"of": "flood"}) == (known,)
    assert (known.name, known.release_note) == ("Lụt", "")
    assert known not in session().dirty


RENAMING = Statement(update(TABLE).where(TABLE.c.key == bindparam("of")).values(name=bindparam("name")))


def test_statements_together_are_all_done_and_the_last_one_answers(app: Flask) -> None:
    with transaction():
        INSERTING.run([row(1), row(2)])
    together = Together()
    for name, key in (("Lụt", "flood"), ("Hạn", "drought")):
        together.add(RENAMING, {"of": key, "name": name})
    for part in INSERTING.parts([row(3, name="100 %"), row(4)]):
        together.add(*part)
    with transaction():
        found = {version for version, _ in together.rows()}

    assert found == {3, 4}
    names = session().execute(select(TABLE.c.version, TABLE.c.name).order_by(TABLE.c.version)).all()
    assert names == [(1, "Lụt"), (2, "Lụt"), (3, "100 %"), (4, "Ngập")]


def test_of_statements_together_none_stays_when_one_fails(app: Flask) -> None:
    with transaction():
        INSERTING.run([row(1)])
    together = Together()
    together.add(RENAMING, {"of": "flood", "name": "Lụt"})
    together.add(*next(INSERTING.parts([row(1)])))
    with pytest.raises(IntegrityError), transaction():
        together.run()
    assert session().scalars(select(TABLE.c.name)).all() == ["Ngập"]


def test_nothing_together_is_nothing(app: Flask) -> None:
    Together().run()
    assert Together().rows() == []


def test_what_an_outer_join_does_not_find_is_none(app: Flask) -> None:
    with transaction():
        INSERTING.run([row(1)])
    other = TABLE.alias("other")
    joined = TABLE.outerjoin(other, other.c.version == TABLE.c.version + 1)
    asked = select(TABLE, other).select_from(joined)
    models: dict[type[Base], list[Column[Any]]] = {Definition: list(TABLE.c), Instance: list(other.c)}
    (found, missing) = Reading(asked, models).first({}) or ()
    assert (found.version, missing) == (1, None)


@pytest.mark.parametrize("is_noticed", [False, True], ids=["by the statement", "by the driver"])
def test_a_connection_that_is_cut_is_given_up_as_by_any_statement(own_app: Flask, is_noticed: bool) -> None:  # noqa: FBT001  # a parameter of the test
    def between_two_statements() -> None:
        INSERTING.run([row(1)])
        driver: Any = session().connection().connection.driver_connection
        if is_noticed:
            driver.close()
        else:
            cut(driver.info.backend_pid)
        INSERTING.run([row(2)])

    with own_app.app_context():
        with pytest.raises(OperationalError) as told, transaction():
            between_two_statements()
        assert told.value.connection_invalidated
        with transaction():
            INSERTING.run([row(3)])
        assert session().scalars(select(TABLE.c.version)).all() == [3]
