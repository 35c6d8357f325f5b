"""The cases as the officials see them, to whom they are shown, and what is done beside the diagram."""

from api.rooms.cases import acting, looking
from api.rooms.cases.desk import doors

__all__ = ["acting", "doors", "looking"]
