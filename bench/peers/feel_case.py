"""Expressions and a decision table in bkflow-feel and bkflow-dmn, the FEEL and DMN libraries of Python there are.

Run by the benchmark in an environment of its own: `feel_case.py TASK`, the task in JSON. For each number read from the
standard input it is done that many times, and the seconds of processor time it took are printed. The first answer of all
says in JSON what came out.
"""

import json
import sys
import time

from bkflow_dmn.data_model import SingleDecisionTable
from bkflow_feel import parser, transformer
from bkflow_feel.api import parse_expression


def asked(task: dict):
    """What is to be done again and again."""
    facts = task["facts"]
    if "table" in task:
        table = SingleDecisionTable(**task["table"])
        return lambda: table.decide(facts)[0]["unit"]
    text = task["expression"]
    if not task["parsed_once"]:
        return lambda: parse_expression(text, facts)
    parsed = transformer.transform(parser.parse(text))
    return lambda: parsed.evaluate(facts)


act = asked(json.loads(sys.argv[1]))
print(json.dumps(act()), flush=True)
for line in sys.stdin:
    began = time.process_time()
    for _ in range(int(line)):
        act()
    print(time.process_time() - began, flush=True)
