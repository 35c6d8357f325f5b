"""Statements that are compiled once do what the unit of work would have done: in its transaction, in its order, with its errors."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError, ProgrammingError

from engine.base import session, transaction
from engine.models import Definition, Instance
from engine.statements import PORTION, Insertion, Reading, Statement

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


ALL_OF_ONE = Reading(select(TABLE).where(TABLE.c.key == bindparam("of")), Definition)


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
