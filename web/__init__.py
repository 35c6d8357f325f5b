"""Doors for people: HTML pages. Knows requests, languages and looks; decides nothing.

Public pages live under "/" in the city's language and under "/en" (or "/vi") in the other one; staff pages speak the
language of whoever is signed in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask
from flask_babel import get_locale

import words
from cases import city
from web import assets, errors, languages, security
from web.pages import BLUEPRINTS, PUBLIC

if TYPE_CHECKING:
    from settings import Settings


def register(app: Flask, settings: Settings) -> None:
    """Hang every page, and what pages need, on the application."""
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    languages.register(app, settings.locale, str(settings.time_zone))
    security.register(app, settings)
    assets.register(app)
    _say(app)
    errors.register(app)
    app.context_processor(_city)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    other = languages.other(settings.locale)
    for blueprint in PUBLIC:
        app.register_blueprint(blueprint)
        app.register_blueprint(blueprint, name=f"{blueprint.name}_{other}", url_prefix=f"/{other}")


def _say(app: Flask) -> None:
    """Let templates say things."""
    app.jinja_env.globals.update(
        completed=words.completed, format_moment=words.moment, sla=words.deadline, status_word=words.status
    )
    app.jinja_env.filters.update(
        moment=words.moment, short_moment=words.short_moment, day=words.day, local_name=words.local_name
    )


def _city() -> dict[str, object]:
    """The city in the reader's language, for the shells; before one is loaded, the product's own name."""
    try:
        loaded = city.settings()
    except city.CityNotLoaded:
        return {"city": {"name": "Caseway", "notice": "", "hotline": ""}}
    english = str(get_locale()) == "en"
    name, notice = (loaded.name_en, loaded.notice_en) if english else (loaded.name_vi, loaded.notice_vi)
    return {"city": {"name": name, "notice": notice or "", "hotline": getattr(loaded, "hotline", None) or ""}}
