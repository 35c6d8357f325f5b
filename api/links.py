"""Addresses in answers: under the address citizens know this city by, whatever the program called."""

from __future__ import annotations

from urllib.parse import quote

from flask import current_app


def tracking(code: str) -> str:
    """The public page of a case."""
    return f"{_public_url()}/c/{code}"


def owner(code: str, key: str) -> str:
    """The page of a case with the rights of its reporter."""
    return f"{tracking(code)}?k={quote(key)}"


def photo(photo_id: int) -> str:
    """A public photo."""
    return f"{_public_url()}/api/public/photos/{photo_id}"


def _public_url() -> str:
    return str(current_app.config["PUBLIC_URL"])
