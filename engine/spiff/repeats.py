"""Activities that run several times: one after the other, all at once, or until a condition no longer holds.

Rounds are bounded and counted, finished ones are forgotten, and what a round calls its item is its own: it neither
clashes with a variable outside nor stays behind.
"""

from __future__ import annotations

from bisect import insort
from copy import deepcopy
from typing import Any

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.defaults import (
    ParallelMultiInstanceTask,
    SequentialMultiInstanceTask,
    StandardLoopTask,
)

from engine.errors import TooManyRounds
from engine.spiff.writes import changed, mark, numbers

#: Rounds of one multi-instance activity.
MAX_ROUNDS = 100

NOT_FINISHED = TaskState.NOT_FINISHED_MASK


class BadRepeat(Exception):
    """What a multi-instance activity should go through is no list, or its number of rounds no number."""


class _Repeats(BpmnTaskSpec):
    """What all kinds share. A task keeps how many rounds are `done`, of how many (`count`), and which is `next`."""

    task_spec: str

    def merge_child(self, _workflow: Any, child: Any) -> None:
        """A round has ended."""
        my_task = child.parent
        if my_task is None or my_task.task_spec is not self or my_task._state & TaskState.FINISHED_MASK:
            return
        my_task.internal_data["done"] = my_task.internal_data.get("done", 0) + 1
        self._take(my_task, child)
        self._go_on(my_task, child)

    def _begin_round(self, my_task: Any) -> Any:
        my_task.workflow.script_engine.run.count(my_task)
        round_spec = my_task.workflow.spec.task_specs[self.task_spec]
        child = my_task._add_child(round_spec, TaskState.WAITING)
        child.triggered = True
        return child

    def _take(self, my_task: Any, child: Any) -> None:
        raise NotImplementedError  # each kind of repetition says how

    def _go_on(self, my_task: Any, child: Any) -> None:
        raise NotImplementedError  # each kind of repetition says how


class Loop(_Repeats, StandardLoopTask):
    """A standard loop."""

    def _update_hook(self, my_task: Any) -> bool | None:
        my_task._inherit_data()
        my_task.internal_data["done"] = 0
        if self.test_before and self.loop_complete(my_task):
            return True
        my_task._set_state(TaskState.STARTED)
        self.create_child(my_task)
        return None

    def create_child(self, my_task: Any) -> None:
        child = self._begin_round(my_task)
        child.task_spec._update(child)

    def loop_complete(self, my_task: Any) -> bool:
        if self.maximum is not None and my_task.internal_data["done"] >= self.maximum:
            return True
        return self.condition is not None and not my_task.workflow.script_engine.evaluate(my_task, self.condition)

    def _take(self, my_task: Any, child: Any) -> None:
        written = changed(my_task.data, child.data)
        my_task.data.update(child.data)
        mark(my_task, written)

    def _go_on(self, my_task: Any, child: Any) -> None:
        if self.loop_complete(my_task):
            my_task._set_state(TaskState.READY)
        else:
            self.create_child(my_task)


class _MultiInstance(_Repeats):
    """One round for every item of a list, or a number of rounds."""

    data_input: Any
    data_output: Any
    input_item: Any
    output_item: Any
    cardinality: str | None
    condition: str | None

    def _update_hook(self, my_task: Any) -> bool | None:
        my_task._inherit_data()
        count = self._count(my_task)
        if count > MAX_ROUNDS:
            raise TooManyRounds(
                f"“{self.bpmn_id or self.name}” would be done {count} times; at most {MAX_ROUNDS} are possible"
            )
        my_task.internal_data.update(done=0, next=0, count=count)
        if self.data_output is not None:
            name = self.data_output.bpmn_id
            in_place = self.data_input is not None and self.data_input.bpmn_id == name
            my_task.data[name] = list(my_task.data[name]) if in_place else []
            mark(my_task, [name])
        if count == 0:
            return True
        my_task.internal_data["outside"] = {n: my_task.data.pop(n) for n in self._local() if n in my_task.data}
        my_task._set_state(TaskState.STARTED)
        self._begin(my_task)
        return None

    def _begin(self, my_task: Any) -> None:
        raise NotImplementedError  # each kind of repetition says how

    def _count(self, my_task: Any) -> int:
        if self.data_input is not None:
            return len(self._items(my_task))
        value = my_task.workflow.script_engine.evaluate(my_task, self.cardinality)
        if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value) or value < 0:
            raise BadRepeat(f"{self.bpmn_id or self.name}: {value!r} is no number of rounds")
        return int(value)

    def _items(self, my_task: Any) -> list[Any]:
        items = my_task.data.get(self.data_input.bpmn_id)
        if not isinstance(items, list):
            raise BadRepeat(f"{self.bpmn_id or self.name}: {self.data_input.bpmn_id} is no list")
        return items

    def _next(self, my_task: Any) -> None:
        index = my_task.internal_data["next"]
        my_task.internal_data["next"] = index + 1
        child = self._begin_round(my_task)
        child.internal_data["index"] = index
        child.data.update(dict.fromkeys(self._local()))
        if self.input_item is not None:
            items = self._items(my_task)
            child.data[self.input_item.bpmn_id] = deepcopy(items[index]) if index < len(items) else None
        child.task_spec._update(child)

    def _local(self) -> set[str]:
        return {item.bpmn_id for item in (self.input_item, self.output_item) if item is not None}

    def _take(self, my_task: Any, child: Any) -> None:
        if self.data_output is None or self.output_item is None:
            self._take_variables(my_task, child)
            return
        name, index = self.data_output.bpmn_id, child.internal_data.get("index", 0)
        values = list(my_task.data.get(name) or [])
        item = child.data.get(self.output_item.bpmn_id)
        if self.data_input is not None and self.data_input.bpmn_id == name:
            values[index : index + 1] = [item]
        else:
            order = my_task.internal_data.setdefault("order", [])
            insort(order, index)
            values.insert(order.index(index), item)
        my_task.data[name] = values
        mark(my_task, [name])

    def _take_variables(self, my_task: Any, child: Any) -> None:
        theirs, ours = numbers(child), numbers(my_task)
        names = [n for n in theirs if theirs[n] > ours.get(n, 0)] if theirs else changed(my_task.data, child.data)
        names = [n for n in names if n in child.data and n not in self._local()]
        my_task.data.update({name: child.data[name] for name in names})
        mark(my_task, names)

    def _is_enough(self, my_task: Any, child: Any) -> bool:
        """Whether the completion condition holds; it sees the last round's variables and the names Camunda has."""
        if self.condition is None:
            return False
        count, done = my_task.internal_data["count"], my_task.internal_data["done"]
        active = sum(one._state & NOT_FINISHED != 0 for one in self._rounds(my_task))
        names = {"nrOfInstances": count, "nrOfCompletedInstances": done, "nrOfActiveInstances": active}
        outputs = {} if self.data_output is None else {self.data_output.bpmn_id: my_task.data[self.data_output.bpmn_id]}
        environment = my_task.workflow.script_engine.environment
        return environment.evaluate(self.condition, {**my_task.data, **child.data, **outputs, **names}) is True

    def _finish(self, my_task: Any) -> None:
        my_task.data.update(my_task.internal_data.pop("outside", {}))
        my_task._set_state(TaskState.READY)

    def _rounds(self, my_task: Any) -> list[Any]:
        return [one for one in my_task.children if one.task_spec.name == self.task_spec]


class Sequential(_MultiInstance, SequentialMultiInstanceTask):
    """One round after the other."""

    def _begin(self, my_task: Any) -> None:
        self._next(my_task)

    def _go_on(self, my_task: Any, child: Any) -> None:
        if my_task.internal_data["done"] >= my_task.internal_data["count"] or self._is_enough(my_task, child):
            self._finish(my_task)
        else:
            self._next(my_task)


class AllAtOnce(_MultiInstance, ParallelMultiInstanceTask):
    """All rounds at once."""

    def _begin(self, my_task: Any) -> None:
        for _ in range(my_task.internal_data["count"]):
            self._next(my_task)

    def _go_on(self, my_task: Any, child: Any) -> None:
        is_last = my_task.internal_data["done"] >= my_task.internal_data["count"]
        if is_last or self._is_enough(my_task, child):
            for one in self._rounds(my_task):
                if not one._state & TaskState.FINISHED_MASK:
                    one.cancel()
            self._finish(my_task)
