"""The small case in DBOS: a durable workflow with a step for every change and a wait for each person's answer.

Run by the benchmark in an environment of its own: `dbos_case.py DATABASE_URL`. For each number read from the standard
input that many cases are run, and the seconds of processor time they took are printed.
"""

import os
import sys
import threading
import time
import uuid

import psycopg
from dbos import DBOS

URL = sys.argv[1]
TEXT = "Deep pothole next to the school crossing, about half a metre wide. " * 4
PLACE = {"category": "pothole", "address": "12 Main St", "lat": 40.7128, "lon": -74.0060}
WAIT = 60

DBOS(config={"name": "bench", "system_database_url": URL, "run_admin_server": False, "log_level": "ERROR"})
own = threading.local()


def connection() -> psycopg.Connection:
    """One connection for each thread of the workflow engine."""
    if not hasattr(own, "connection"):
        own.connection = psycopg.connect(URL, autocommit=True)
    return own.connection


@DBOS.step()
def intake() -> dict:
    """What the script of the diagram does."""
    return {**PLACE, "text": TEXT, "priority": 2}


@DBOS.step()
def open_task(workflow: str, name: str) -> None:
    """The row of an inbox."""
    insert = "INSERT INTO human_task (id, workflow, name) VALUES (%s, %s, %s)"
    connection().execute(insert, (uuid.uuid4(), workflow, name))


@DBOS.step()
def close(workflow: str, outcome: str) -> str:
    """The tasks are done."""
    connection().execute("UPDATE human_task SET done = true WHERE workflow = %s", (workflow,))
    return outcome


@DBOS.workflow()
def case() -> str:
    """Start, script, task, gateway, task, end."""
    workflow = DBOS.workflow_id
    intake()
    open_task(workflow, "assign")
    assigned = DBOS.recv("assign", timeout_seconds=WAIT)
    if assigned["valid"] != "yes":
        return close(workflow, "rejected")
    open_task(workflow, "resolve")
    return close(workflow, DBOS.recv("resolve", timeout_seconds=WAIT)["outcome"])


def one() -> None:
    """A case from its start to its end."""
    handle = DBOS.start_workflow(case)
    DBOS.send(handle.workflow_id, {"valid": "yes", "department": "roads"}, "assign")
    DBOS.send(handle.workflow_id, {"outcome": "fixed", "note": "Patched"}, "resolve")
    if handle.get_result() != "fixed":
        raise RuntimeError("the case did not end")


with psycopg.connect(URL, autocommit=True) as made:
    made.execute("CREATE TABLE human_task (id uuid PRIMARY KEY, workflow text, name text, done bool DEFAULT false)")
DBOS.launch()
for asked in sys.stdin:
    began = time.process_time()
    for _ in range(int(asked)):
        one()
    print(time.process_time() - began, flush=True)
DBOS.destroy()
os._exit(0)  # its threads may wait
