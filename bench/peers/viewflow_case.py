"""The small case in Viewflow: a flow written as code, driven through its activations.

Run by the benchmark in an environment of its own: `viewflow_case.py DATABASE SOCKET_DIRECTORY USER`. For each number read
from the standard input that many cases are run, and the seconds of processor time they took are printed.
"""

import sys
import time

import django
from django.conf import settings
from django.core.management import call_command

NAME, HOST, USER = sys.argv[1:4]
settings.configure(
    SECRET_KEY="only-for-measuring",
    USE_TZ=True,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "viewflow",
        "viewflow.workflow",
        "viewflow_flow",
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": NAME,
            "USER": USER,
            "HOST": HOST,
            "CONN_MAX_AGE": None,
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()
call_command("migrate", verbosity=0, run_syncdb=True)

from django.contrib.auth.models import User
from viewflow.workflow.models import Process, Task
from viewflow_flow.flows import Case

PERSON = User.objects.create(username="bench", is_superuser=True)


def complete(process: int, name: str, answers: dict) -> None:
    """Take a task and do it."""
    task = Task.objects.get(process_id=process, flow_task__endswith=f".{name}", status="NEW")
    with task.activation() as activation:
        activation.assign(PERSON)
    task.refresh_from_db()
    with task.activation() as activation:
        activation.start(None)
        activation.process.data = {**activation.process.data, **answers}
        activation.process.save()
        activation.execute()


def one() -> None:
    """A case from its start to its end."""
    process = Case.start.run().pk
    complete(process, "assign", {"valid": "yes", "department": "roads"})
    complete(process, "fix", {"outcome": "fixed", "note": "Patched"})
    if Process.objects.get(pk=process).status != "DONE":
        raise RuntimeError("the case did not end")


for asked in sys.stdin:
    began = time.process_time()
    for _ in range(int(asked)):
        one()
    print(time.process_time() - began, flush=True)
