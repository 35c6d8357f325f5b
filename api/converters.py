"""What may stand in an address: the id of a row, which no database would refuse to look for."""

from __future__ import annotations

from typing import Any

from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**31 - 1


class RowId(IntegerConverter):
    """The id of a row; a larger number is an address that does not exist."""

    def __init__(self, url_map: Map, **options: Any) -> None:
        super().__init__(url_map, **{"min": 1, "max": LARGEST_ID, **options})


def described(_converter: RowId) -> dict[str, str | int]:
    """A row id in OpenAPI."""
    return {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}
