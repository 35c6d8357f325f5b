"""Which language the words of an answer are in: `?lang`, else `Accept-Language`, else the city's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import current_app, request
from flask_babel import force_locale

LOCALES = ("vi", "en")
PARAMETER = "lang"


def current() -> str:
    """The language asked for."""
    asked = request.args.get(PARAMETER, "")
    if asked in LOCALES:
        return asked
    default: str = current_app.config.get("LOCALE", LOCALES[0])
    return request.accept_languages.best_match(LOCALES, default) or default


@contextmanager
def spoken() -> Iterator[str]:
    """Say everything within the block in the language asked for."""
    locale = current()
    with force_locale(locale):
        yield locale


def in_each(word: Callable[[], str]) -> dict[str, str]:
    """A word in every language, by language."""
    said = {}
    for locale in LOCALES:
        with force_locale(locale):
            said[locale] = word()
    return said
