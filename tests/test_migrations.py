"""The tables the migrations make are the tables of the models; every migration can be taken back."""

from __future__ import annotations

import flask_migrate
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import inspect

from engine.base import Base, db
from settings import ROOT

DIRECTORY = str(ROOT / "migrations")


def differences() -> list[object]:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def test_the_migrated_tables_equal_the_models(own_app: Flask) -> None:
    with own_app.app_context():
        assert differences() == []


def test_the_migrations_go_down_to_nothing_and_up_again(own_app: Flask) -> None:
    with own_app.app_context():
        flask_migrate.downgrade(directory=DIRECTORY, revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}

        flask_migrate.upgrade(directory=DIRECTORY)
        assert differences() == []
