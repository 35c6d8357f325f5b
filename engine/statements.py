"""Statements of every step, compiled once.

What SQLAlchemy does at each execution of a statement (finding it compiled, gathering its parts, wrapping rows) costs more
than the database does for a row. Here it is asked once what a statement says; from then on the driver gets the text. It is
the session's own transaction all the same: what the unit of work has not written yet is written first, and errors come as
from any other statement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult, Row, Table, bindparam, insert
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.elements import CompilerElement

from engine.base import session

Values = Mapping[str, Any]
#: Rows of one insertion; each number of rows is a text of its own.
PORTION = 16


class Statement:
    """A statement; parameters without a value of their own are given at every run."""

    def __init__(self, said: CompilerElement) -> None:
        self._said = said
        self._text = ""
        self._constants: dict[str, Any] = {}
        self._writers: list[tuple[str, Callable[[Any], Any]]] = []

    def run(self, values: Values) -> None:
        """Execute it."""
        self._execute(values)

    def row(self, values: Values) -> Row[Any] | None:
        """Execute it; its first row, with values as the driver has them."""
        return self._execute(values).first()

    def rows(self, values: Values) -> Sequence[Row[Any]]:
        """Execute it; all its rows, with values as the driver has them."""
        return self._execute(values).all()

    def _execute(self, values: Values) -> CursorResult[Any]:
        unit = session()
        unit.flush()
        connection = unit.connection()
        return connection.exec_driver_sql(*self._prepared(connection, values))

    def _prepared(self, connection: Connection, values: Values) -> tuple[str, dict[str, Any]]:
        if not self._text:
            self._compile(connection.dialect)
        given = {**self._constants, **values}
        for name, write in self._writers:
            given[name] = write(given[name])
        return self._text, given

    def _compile(self, dialect: Dialect) -> None:
        compiled = self._said.compile(dialect=dialect)
        for name, parameter in compiled.binds.items():  # type: ignore[attr-defined]  # of every compiled SQL statement
            if not parameter.required:
                self._constants[name] = parameter.value
            write = parameter.type.dialect_impl(dialect).bind_processor(dialect)
            if write is not None:
                self._writers.append((name, write))
        self._text = str(compiled)


class Insertion:
    """New rows of a table, all in one statement; each gives every one of the columns."""

    def __init__(self, table: Table, columns: Sequence[str], *, returning: Sequence[str] = ()) -> None:
        self._table = table
        self._columns = tuple(columns)
        self._returning = [table.c[name] for name in returning]
        self._of_size: dict[int, Statement] = {}

    def run(self, rows: Sequence[Values]) -> None:
        """Write the rows."""
        for some in self._portions(rows):
            self._sized(len(some)).run(_numbered(some))

    def rows(self, rows: Sequence[Values]) -> list[Row[Any]]:
        """Write the rows; the `returning` columns of each, in no order that could be relied on."""
        return [row for some in self._portions(rows) for row in self._sized(len(some)).rows(_numbered(some))]

    def _portions(self, rows: Sequence[Values]) -> Iterator[Sequence[Values]]:
        for first in range(0, len(rows), PORTION):
            yield rows[first : first + PORTION]

    def _sized(self, size: int) -> Statement:
        found = self._of_size.get(size)
        if found is None:
            said = insert(self._table).values([self._parameters(number) for number in range(size)])
            found = self._of_size[size] = Statement(said.returning(*self._returning) if self._returning else said)
        return found

    def _parameters(self, number: int) -> dict[str, Any]:
        return {name: bindparam(f"{name}_{number}", type_=self._table.c[name].type) for name in self._columns}


def _numbered(rows: Sequence[Values]) -> dict[str, Any]:
    return {f"{name}_{number}": value for number, row in enumerate(rows) for name, value in row.items()}
