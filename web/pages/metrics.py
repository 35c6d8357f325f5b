"""Figures for the programs that watch. They ask from this machine, with the token of METRICS_TOKEN, or as an operator."""

from __future__ import annotations

import hmac
from functools import wraps
from ipaddress import ip_address
from typing import Any

from flask import Blueprint, Response, current_app, g, request

from cases import access
from engine import figures
from web.guards import View

pages = Blueprint("metrics", __name__)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
#: Whoever sends these has come through a proxy, so that the nearest address says nothing.
FORWARDED = ("X-Forwarded-For", "X-Real-Ip", "Forwarded")


def watcher(view: View) -> View:
    """Programs on this machine, whoever shows the token, and operators may; nobody is sent to a page to sign in."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if _is_near() or _shows_token() or (g.person is not None and access.may_operate(g.person)):
            return view(*args, **kwargs)
        refusal = Response("Show METRICS_TOKEN as a bearer token, or sign in as an operator.\n", 401)
        refusal.headers["WWW-Authenticate"] = "Bearer"
        refusal.mimetype = "text/plain"
        return refusal

    guarded.guard = "watcher"  # type: ignore[attr-defined]  # read by the test that lists the doors
    return guarded  # type: ignore[return-value]  # the same signature


@pages.get("/metrics")
@watcher
def metrics() -> Response:
    """Jobs of each process: depth, latency, attempts, incidents."""
    return Response(figures.written(figures.of_jobs()), content_type=CONTENT_TYPE)


def _is_near() -> bool:
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _shows_token() -> bool:
    token = current_app.config["CASEWAY"].metrics_token
    kind, _, shown = request.headers.get("Authorization", "").partition(" ")
    return bool(token) and kind.lower() == "bearer" and hmac.compare_digest(shown.strip().encode(), token.encode())
