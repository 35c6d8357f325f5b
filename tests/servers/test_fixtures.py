"""The fixtures of conftest.py keep tests apart; each promise is tested within one test, whatever the order."""

from __future__ import annotations

import threading
import urllib.request
from typing import TYPE_CHECKING

import redis
from flask import Flask
from sqlalchemy import Engine, text

from engine.base import db, session, transaction
from tests import databases

if TYPE_CHECKING:
    from tests.databases import SharedApp

NOTE = text("COMMENT ON SCHEMA public IS 'written by a test'")
READ = text("SELECT obj_description('public'::regnamespace)")


def test_what_is_committed_is_undone_after_the_test(shared_app: SharedApp) -> None:
    with databases.forgetting(shared_app.get()):
        with transaction():
            session().execute(NOTE)
        assert session().scalar(READ) == "written by a test"
    with databases.forgetting(shared_app.get()):
        assert session().scalar(READ) != "written by a test"


def test_a_rollback_undoes_only_what_was_not_committed(app: Flask) -> None:
    with transaction():
        session().execute(NOTE)
    session().execute(text("COMMENT ON SCHEMA public IS 'not kept'"))
    session().rollback()
    assert session().scalar(READ) == "written by a test"


def test_a_request_has_a_session_of_its_own_and_sees_what_the_test_wrote(shared_app: SharedApp) -> None:
    app, sessions = Flask(__name__), []
    app.config["SQLALCHEMY_DATABASE_URI"] = shared_app.settings.database_url
    db.init_app(app)

    @app.get("/")
    def look() -> str:
        sessions.append(session())
        return str(session().scalar(READ))

    with databases.forgetting(app):
        session().execute(NOTE)
        client = databases.Client(app, app.response_class)
        assert [client.get("/").get_data(as_text=True) for _ in range(2)] == ["written by a test"] * 2
        assert len({id(one) for one in [session(), *sessions]}) == 3
    databases.close(app)


def test_an_application_of_its_own_really_commits(own_app: Flask) -> None:
    with own_app.app_context():
        assert isinstance(db.engine, Engine)
        with transaction():
            session().execute(NOTE)
        found: list[str | None] = []
        engine = db.engine

        def look() -> None:
            with engine.connect() as connection:
                found.append(connection.scalar(READ))

        somebody = threading.Thread(target=look)
        somebody.start()
        somebody.join()
    assert found == ["written by a test"]


def test_two_applications_of_one_process_have_two_queues(own_app: Flask, redis_url: str) -> None:
    own_url = own_app.config["CASEWAY"].redis_url
    with redis.Redis.from_url(own_url) as own, redis.Redis.from_url(redis_url) as shared:
        own.set("only", "here")
        assert shared.get("only") is None


def test_the_live_address_answers(live_url: str) -> None:
    with urllib.request.urlopen(f"{live_url}/readyz") as answer:
        assert answer.status == 200
