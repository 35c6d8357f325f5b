"""The doors of operators, under /api/operations: look into running instances, hold, mend, cancel and migrate them."""

from api.operations import beginnings, definitions, instances, migrations, queues
from api.operations.desk import doors

__all__ = ["beginnings", "definitions", "doors", "instances", "migrations", "queues"]
