"""The one blueprint of all public pages; it is registered twice, once for each language."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("public", __name__)
