"""Statements of every step, compiled once.

What SQLAlchemy does at each execution of a statement (finding it compiled, gathering its parts, wrapping rows) costs more
than the database does for a row. Here it is asked once what a statement says; from then on the driver gets the text. It is
the session's own transaction all the same: what the unit of work has not written yet is written first, and errors come as
from any other statement.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, NoReturn

from psycopg import Error
from psycopg.rows import RowFactory, namedtuple_row, tuple_row
from sqlalchemy import Column, Connection, Table, bindparam, insert
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import manager_of_class, set_committed_value
from sqlalchemy.orm.util import identity_key
from sqlalchemy.sql.elements import CompilerElement

from engine.base import Base, session

Values = Mapping[str, Any]
#: Rows of one insertion; each number of rows is a text of its own.
PORTION = 16
_Convert = tuple[str, Callable[[Any], Any]]


class Statement:
    """A statement; parameters without a value of their own are given at every run."""

    def __init__(self, said: CompilerElement) -> None:
        self._said = said
        self._text = ""
        self._constants: dict[str, Any] = {}
        self._writers: list[_Convert] = []

    def run(self, values: Values) -> None:
        """Execute it."""
        self.cursor(values)

    def row(self, values: Values) -> Any:
        """Execute it; its first row or None, named tuples of values as the driver has them."""
        return self.cursor(values, namedtuple_row).fetchone()

    def rows(self, values: Values) -> list[Any]:
        """Execute it; all its rows, named tuples of values as the driver has them."""
        found: list[Any] = self.cursor(values, namedtuple_row).fetchall()
        return found

    def cursor(self, values: Values, row_factory: RowFactory[Any] = tuple_row) -> Any:
        """Execute it; the driver's cursor with the result."""
        connection = _connection()
        return _cursor(connection, self.told(connection.dialect), self.given(values), row_factory)

    def told(self, dialect: Dialect) -> str:
        """The text for the driver."""
        if not self._text:
            self._compile(dialect)
        return self._text

    def given(self, values: Values) -> dict[str, Any]:
        """The parameters for the driver; asked after the text."""
        given = {**self._constants, **values}
        for name, write in self._writers:
            given[name] = write(given[name])
        return given

    def _compile(self, dialect: Dialect) -> None:
        compiled = self._said.compile(dialect=dialect)
        for name, parameter in compiled.binds.items():  # type: ignore[attr-defined]  # of every compiled SQL statement
            if not parameter.required:
                self._constants[name] = parameter.value
            write = parameter.type.dialect_impl(dialect).bind_processor(dialect)
            if write is not None:
                self._writers.append((name, write))
        self._text = str(compiled)


class Together:
    """Statements in one round trip. None of them sees what the others do, so no two may be about the same row."""

    _texts: ClassVar[dict[tuple[Statement, ...], str]] = {}

    def __init__(self) -> None:
        self._parts: list[tuple[Statement, Values]] = []

    def add(self, statement: Statement, values: Values) -> None:
        """One more."""
        self._parts.append((statement, values))

    def rows(self) -> list[Any]:
        """Execute them, if there are any; the rows of the one that was added last, which must give some."""
        found: list[Any] = self._cursor().fetchall() if self._parts else []
        return found

    def run(self) -> None:
        """Execute them."""
        if self._parts:
            self._cursor()

    def _cursor(self) -> Any:
        connection = _connection()
        statements = tuple(statement for statement, _ in self._parts)
        text = self._texts.get(statements)
        if text is None:
            told = [_marked(one.told(connection.dialect), number) for number, one in enumerate(statements)]
            parts = ", ".join(f"part_{number} AS ({one})" for number, one in enumerate(told[:-1]))
            text = self._texts[statements] = f"WITH {parts} {told[-1]}" if parts else told[-1]
        given = {
            f"{name}__{number}": value
            for number, (statement, values) in enumerate(self._parts)
            for name, value in statement.given(values).items()
        }
        return _cursor(connection, text, given)


def _marked(text: str, number: int) -> str:
    """A text whose parameters bear a number."""
    return re.sub(r"%\((\w+)\)s", rf"%(\1__{number})s", text)


def _connection() -> Connection:
    """The session's, after it has written what it had not written yet."""
    unit = session()
    unit.flush()
    return unit.connection()


def _cursor(connection: Connection, text: str, given: Values, row_factory: RowFactory[Any] = tuple_row) -> Any:
    cursor = None
    try:
        cursor = connection.connection.cursor(row_factory=row_factory)
        return cursor.execute(text, given)
    except Error as error:
        _raise(connection, error, text, given, cursor)


def _raise(connection: Connection, error: Error, text: str, given: Values, cursor: Any) -> NoReturn:
    """As SQLAlchemy raises it, which also gives up a connection that is cut; it has no other door to that."""
    connection._handle_dbapi_exception(error, text, given, cursor, None)  # noqa: SLF001


class Insertion:
    """New rows of a table, all in one statement; each gives every one of the columns."""

    def __init__(self, table: Table, columns: Sequence[str], *, returning: Sequence[str] = ()) -> None:
        self._table = table
        self._columns = tuple(columns)
        self._returning = [table.c[name] for name in returning]
        self._of_size: dict[int, Statement] = {}

    def run(self, rows: Sequence[Values]) -> None:
        """Write the rows."""
        for statement, values in self.parts(rows):
            statement.run(values)

    def rows(self, rows: Sequence[Values]) -> list[Any]:
        """Write the rows; the `returning` columns of each, in no order that could be relied on."""
        return [row for statement, values in self.parts(rows) for row in statement.rows(values)]

    def parts(self, rows: Sequence[Values]) -> Iterator[tuple[Statement, Values]]:
        """The statements that write the rows, each with its values."""
        for first in range(0, len(rows), PORTION):
            some = rows[first : first + PORTION]
            yield self._sized(len(some)), _numbered(some)

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


class Reading:
    """Objects read afresh by one statement, which asks for these columns of their tables, in order."""

    def __init__(self, said: CompilerElement, models: Mapping[type[Base], Sequence[Column[Any]]]) -> None:
        self._statement = Statement(said)
        self._models = [(model, columns, [one.key for one in columns]) for model, columns in models.items()]
        self._readers: list[list[_Convert]] = []

    def first(self, values: Values) -> tuple[Any, ...] | None:
        """Execute it; what its first row says, one object of each model, or None where an outer join found none."""
        row = self._statement.cursor(values).fetchone()
        if row is None:
            return None
        unit = session()
        readers = self._readers or self._read_by(unit.connection().dialect)
        columns, objects = iter(row), []
        for (model, _, names), converts in zip(self._models, readers, strict=True):
            known = dict(zip(names, columns, strict=False))
            for name, read in converts:
                known[name] = read(known[name])
            objects.append(None if known["id"] is None else _loaded(unit, model, known))
        return tuple(objects)

    def _read_by(self, dialect: Dialect) -> list[list[_Convert]]:
        for _, columns, _ in self._models:
            readers = ((one.key, one.type.dialect_impl(dialect).result_processor(dialect, None)) for one in columns)
            self._readers.append([(name, read) for name, read in readers if read is not None])
        return self._readers


def _loaded(unit: Session, model: type[Base], values: dict[str, Any]) -> Base:
    """The object of a row, as the unit of work knows it or as one that has just been loaded."""
    one: Base | None = unit.identity_map.get(identity_key(model, values["id"]))
    if one is not None:
        for name, value in values.items():
            set_committed_value(one, name, value)
        return one
    one = manager_of_class(model).new_instance()
    one.__dict__.update(values)
    make_transient_to_detached(one)
    unit.add(one)
    return one
