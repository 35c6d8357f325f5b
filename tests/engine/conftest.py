"""A small trade for engine tests: a few handlers, a way to deploy a diagram and to look at what waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from engine import clock, definitions, instances, registry
from engine.base import session, transaction
from engine.errors import BusinessError
from engine.models import Instance, TaskState, UserTask

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@registry.handler("test_greet", transactional=True)
def greet(name: str | None) -> dict[str, str]:
    return {"greeting": f"hello {name}"}


@registry.handler("test_shout", retries=(10, 60))
def shout(greeting: str) -> dict[str, str]:
    return {"shouted": greeting.upper()}


@registry.handler("test_break", retries=(10,))
def break_down() -> None:
    raise RuntimeError("no connection")


@registry.handler("test_break_inside", transactional=True)
def break_inside() -> None:
    raise RuntimeError("table gone")


@registry.handler("test_refuse_outside")
def refuse_outside() -> None:
    raise BusinessError("unknown-address")


@registry.handler("test_refuse_inside", transactional=True)
def refuse_inside() -> None:
    raise BusinessError("unknown-address")


@pytest.fixture
def monday(app: Flask) -> Iterator[datetime]:
    """The clock stands at 08:00 on a Monday in Viet Nam."""
    with clock.at(MONDAY):
        yield MONDAY


@pytest.fixture
def run(app: Flask) -> Callable[..., Instance]:
    """Deploy a diagram and start it."""

    def deploy_and_start(xml: bytes, variables: dict[str, Any] | None = None, **files: bytes) -> Instance:
        with transaction():
            bundle = {"demo.bpmn": xml, **{name.replace("_", "."): content for name, content in files.items()}}
            definition = definitions.deploy(bundle, by="mai")
            return instances.start(definition.key, variables or {}, business_key="PK-1", by="hanh")

    return deploy_and_start


def open_tasks(instance: Instance) -> dict[str, UserTask]:
    """The open tasks of an instance by element."""
    query = select(UserTask).where(UserTask.instance_id == instance.id, UserTask.state == TaskState.OPEN)
    return {task.element_id: task for task in session().scalars(query.execution_options(populate_existing=True))}
