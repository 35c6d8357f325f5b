"""Whether this process lives and whether it can do its work; asked by supervisors and load balancers."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from engine import jobs
from engine.base import session
from web.guards import public

pages = Blueprint("health", __name__)


@pages.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """This process lives."""
    return jsonify(status="ok")


@pages.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Database and queue answer."""
    try:
        session().execute(text("SELECT 1 FROM definition LIMIT 1"))
        database = True
    except SQLAlchemyError:
        session().rollback()
        database = False
    queue = jobs.is_reachable()
    ready = database and queue
    return jsonify(status="ok" if ready else "not ready", database=database, queue=queue), 200 if ready else 503
