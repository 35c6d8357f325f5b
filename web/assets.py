"""Scripts and styles by the names of their sources; the build gives them hashed names that are cached for ever."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, send_from_directory
from markupsafe import Markup

from web.guards import public

DIST = Path(__file__).parent / "static" / "dist"
YEAR = 365 * 24 * 3600

pages = Blueprint("assets", __name__)


class NotBuilt(RuntimeError):
    """The assets are not built; `./run setup` builds them."""


def register(app: Flask) -> None:
    """Serve the built files and let templates name them."""
    app.register_blueprint(pages)
    app.jinja_env.globals["asset"] = asset


@pages.get("/static/<path:name>")
@public
def built(name: str) -> Response:
    """A built file; its name changes with its content."""
    response = send_from_directory(DIST, name, max_age=YEAR)
    response.cache_control.immutable = True
    return response


def asset(name: str) -> Markup:
    """The tags for an entry: `app.css`, `work.js` …

    Raises: NotBuilt.
    """
    entry = _manifest().get(name)
    if entry is None:
        raise NotBuilt(f"{name} is not built; run `./run setup`")
    link = Markup('<link rel="stylesheet" href="/static/{}">')
    if name.endswith(".css"):
        return link.format(entry["file"])
    style = link.format(entry["css"]) if entry.get("css") else Markup()
    preload = Markup('<link rel="modulepreload" href="/static/{}">')
    imports = Markup().join(preload.format(used) for used in entry.get("imports", []))
    return style + imports + Markup('<script type="module" src="/static/{}"></script>').format(entry["file"])


@lru_cache(maxsize=1)
def _read(_changed_at: float) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((DIST / "manifest.json").read_text())
    return content


def _manifest() -> dict[str, Any]:
    try:
        return _read((DIST / "manifest.json").stat().st_mtime)
    except FileNotFoundError:
        raise NotBuilt("the assets are not built; run `./run setup`") from None
