"""Addresses of this city's pages, for letters; said once by the composition root."""

from __future__ import annotations

_public_url = "http://localhost"
_default_locale = "vi"


def configure(public_url: str, locale: str) -> None:
    """Say where the city is reached, and which language its addresses without a prefix speak."""
    global _public_url, _default_locale  # set once by the composition root
    _public_url, _default_locale = public_url.rstrip("/"), locale


def page(path: str, locale: str | None = None) -> str:
    """The full address of a page, of a public one in this language."""
    prefix = "" if locale is None or locale == _default_locale else f"/{locale}"
    return f"{_public_url}{prefix}{path}"


def host() -> str:
    """The host name of the city, for message ids."""
    return _public_url.split("://", 1)[-1].split("/", 1)[0].split(":", 1)[0] or "localhost"
