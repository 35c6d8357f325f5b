"""Which language a page speaks: the address says it for the public, the person for the staff."""

from __future__ import annotations

from flask import Flask, current_app, g, has_request_context, request, session
from flask_babel import Babel, get_locale

LOCALES = {"vi": "Tiếng Việt", "en": "English"}


def register(app: Flask, default: str, time_zone: str) -> None:
    """Set the languages and the zone in which moments are shown."""
    app.config["LOCALE"] = default
    Babel(
        app,
        default_locale=default,
        default_translation_directories="words/translations",
        default_timezone=time_zone,
        locale_selector=current,
    )
    app.context_processor(_offered)


def current() -> str:
    """The language of this request."""
    default: str = current_app.config["LOCALE"]
    if not has_request_context():
        return default
    prefix = request.path.split("/", 2)[1]
    if prefix in LOCALES:
        return prefix
    person = g.get("person")
    if person is not None and person.locale in LOCALES:
        return str(person.locale)
    if is_staff_page() and session.get("locale") in LOCALES:
        return str(session["locale"])
    return default


def other(locale: str) -> str:
    """The language a page is offered in besides this one."""
    return "en" if locale == "vi" else "vi"


def is_staff_page() -> bool:
    """Whether this page speaks the language of a person rather than of its address."""
    return request.blueprint is not None and not request.blueprint.startswith("public")


def root(locale: str) -> str:
    """What public addresses in this language begin with."""
    return "" if locale == current_app.config["LOCALE"] else f"/{locale}"


def _offered() -> dict[str, object]:
    locale = str(get_locale())
    code = other(locale)
    here = request.full_path.rstrip("?") if has_request_context() else "/"
    if is_staff_page():
        href = f"/language/{code}"
    else:
        bare = here.removeprefix(f"/{locale}") if here == f"/{locale}" or here.startswith(f"/{locale}/") else here
        href = (root(code) + bare) or "/"
    language = {"code": code, "name": LOCALES[code], "href": href}
    return {"locale": locale, "other_language": language, "language_root": root(locale)}
