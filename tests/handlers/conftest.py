"""The city all tests of this room live in."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from engine.models import Definition
from tests import town as cast


@pytest.fixture
def town(app: Flask, frozen_clock: datetime) -> Definition:
    """The model city on a Monday morning, its process deployed."""
    return cast.found()
