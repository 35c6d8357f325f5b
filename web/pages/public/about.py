"""Pages about the pages: how accessible they are, what happens with personal data."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from web.guards import public
from web.pages.public.blueprint import pages


@pages.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """What was done so that everybody can use this, and whom to tell when it fails."""
    return render_template("public/accessibility.html")


@pages.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """Which personal data is kept, what for, how long, and what one can ask for."""
    return render_template("public/privacy.html")
