"""What happens to the processes beside this file: what is done from outside, and where that leads.

A life is told in lines: `do TASK name=value …` completes a user task, `job ELEMENT name=value …` is the answer of its
handler, `fail ELEMENT code` its refusal, `message NAME name=value …` arrives (`NAME@KEY` for who named that key), `wait HOURS` lets time pass. `→` says what is
waited for then: elements of tasks, jobs, timers and messages in the order of their names, or `end`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Life:
    """One way through a process, from the start event `at`: `passed` are the elements gone through, in order; `left` the
    variables at the end.
    """

    told: str
    passed: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    left: Mapping[str, Any] = field(default_factory=dict)
    at: str | None = None

    @property
    def lines(self) -> list[str]:
        """What happens, one thing after the other."""
        return [line.strip() for line in self.told.split(";")]


STREETS = {"streets": ["Hùng Vương", "Lê Lợi", "Trần Phú"]}

LIVES: dict[str, dict[str, Life]] = {
    "none_start": {"": Life("→ work; do work → end", "start work end")},
    "message_start": {"": Life("→ work; do work → end", "called work end")},
    "timer_start": {"": Life("→ work; do work → end", "daily work end")},
    "several_starts": {
        "": Life("→ look; do look → work; do work → end", "start look m work end"),
        "by message": Life("→ work; do work → end", "called greet m work end", left={"served": "greet"}, at="called"),
        "by timer": Life("→ work; do work → end", "daily m work end", at="daily"),
    },
    "several_starts_in_a_called_process": {
        "": Life("→ inner; do inner → work; do work → end", "start inner_start inner inner_end call work end"),
    },
    "user_task": {
        "good": Life("→ work; do work verdict=good other=1 → end", "start work g end", left={"verdict": "good"}),
        "bad": Life("→ work; do work verdict=bad → mend; do mend → end", "start work g mend end", left={"verdict": "bad"}),
    },
    "manual_task": {"": Life("→ look; do look → end", "start look end")},
    "service_task": {
        "": Life(
            "→ pave; job pave area=12 → work; do work → end", "start greet pave work end",
            {"name": "An"}, {"name": "An", "served": "greet", "area": 12},
        ),
    },
    "script_task": {
        "": Life(
            "→ work; do work → end", "start count work end",
            {"n": 2, "name": "An"}, {"n": 3, "name": "An", "both": [3, "An"], "long": True},
        ),
    },
    "business_rule_task": {
        "a rule": Life("→ work; do work → end", "start decide work end", {"n": 11}, {"n": 11, "amount": 22, "unit": "roads"}),
        "the last": Life("→ work; do work → end", "start decide work end", {"n": 10}, {"n": 10, "amount": 0, "unit": "none"}),
    },
    "send_task": {"": Life("→ work; do work → end", "start tell work end", {"n": 1}, {"n": 1})},
    "receive_task": {
        "": Life("→ hear; message answer text=yes → work; do work → end", "start hear work end", left={"text": "yes"}),
    },
    "exclusive_gateway": {
        "the first in the file": Life("→ b; do b → end", "start g b end", {"n": 2}, {"n": 2}),
        "the default": Life("→ c; do c → end", "start g c end", {"n": 0}, {"n": 0}),
    },
    "parallel_gateway": {
        "a first": Life(
            "→ a b; do a a_said=1 → b; do b b_said=2 → c; do c → end", "start p s a b q c end",
            {"a_said": 0, "b_said": 0}, {"a_said": 1, "b_said": 2, "s_said": 1},
        ),
        "b first": Life(
            "→ a b; do b b_said=2 → a; do a a_said=1 → c; do c → end", "start p s b a q c end",
            {"a_said": 0, "b_said": 0}, {"a_said": 1, "b_said": 2, "s_said": 1},
        ),
    },
    "parallel_end": {
        "b last": Life("→ a b; do a said=1 → b; do b said=2 → end", "start p a end_a b end_b", {"said": 0}, {"said": 2}),
        "a last": Life("→ a b; do b said=2 → a; do a said=1 → end", "start p b end_b a end_a", {"said": 0}, {"said": 1}),
    },
    "parallel_gateway_in_a_loop": {
        "": Life(
            "→ a b; do a → b; do b → ask; do ask again=true → a b; do b → a; do a → ask; do ask again=false → end",
            "start i p a b q ask x i p b a q ask x end", {}, {"again": False},
        ),
    },
    "parallel_gateway_entered_twice": {
        "at once": Life(  # which token of a flow is joined with which is all the same: there are two of each
            "→ told work; message answer → a b told work; message answer → a a b b told work;"
            "do a:0 a=1 → a b b told work; do a a=2 → b b told work; do b:0 b=1 → b c told work; do b b=2 → c c told work;"
            "do c:0 → c told work; do c → told work; do work → end",
            "start told p told p a a b q b q c done c done work end", left={"a": 2, "b": 2},
        ),
    },
    "inclusive_gateway": {
        "both": Life("→ a b; do b → a; do a → end", "start p b a q sum end", {"n": 2}, {"n": 2, "done": True}),
        "one": Life("→ a; do a → end", "start p a q sum end", {"n": 1}, {"n": 1, "done": True}),
        "neither": Life("→ c; do c → end", "start p c q sum end", {"n": 0}, {"n": 0, "done": True}),
    },
    "inclusive_gateway_waits": {  # for work that is still steps away
        "for a job": Life(
            "→ j near; do near → j; job j area=5 → paved; do paved → end",
            "start p near j g paved q end", {"n": 1}, {"n": 1, "area": 5},
        ),
        "for a subprocess": Life(
            "→ inside near; do near → inside; do inside → outside; do outside → end",
            "start p s near inside se sub h outside q end", {"n": 2}, {"n": 2},
        ),
        "for repetitions": Life(
            "→ each each near; do near → each each; do each → each; do each → all; do all → end",
            "start p near each each i all q end", {"n": 3, "streets": [1, 2]}, {"n": 3, "streets": [1, 2]},
        ),
        "until nothing can come": Life(
            "→ ask near; do near → ask; do ask good=false → astray; do astray → end",
            "start p near ask x q end astray lost", {"n": 4}, {"n": 4, "good": False},
        ),
        "until it comes": Life(
            "→ ask near; do near → ask; do ask good=true → better; do better → end",
            "start p near ask x better q end", {"n": 4}, {"n": 4, "good": True},
        ),
    },
    "event_gateway": {
        "heard": Life("→ w w; message answer text=yes → read; wait 48 → read; do read → end",
                      "start w heard read end", left={"text": "yes"}),
        "silent": Life("→ w w; wait 24 → guess; do guess → end", "start w silent guess end"),
        "not yet": Life("→ w w; wait 23 → w w; message answer → read; do read → end", "start w heard read end"),
    },
    "subprocess": {
        "": Life("→ x; do x n=4 → after; do after → end", "start s x y se sub after end", {"n": 1}, {"n": 8}),
    },
    "call_activity": {
        "": Life("→ go; do go n=4 → after; do after → end", "start vs go twice ve call after end", {"n": 1}, {"n": 8}),
    },
    "multi_instance_one_after_the_other": {
        "": Life(
            "→ each; do each result=1 → each; do each result=2 → each; do each result=3 → after; do after → end",
            "start each each each after end", {**STREETS, "street": "mine"}, {**STREETS, "street": "mine", "results": [1, 2, 3]},
        ),
        "none": Life("→ after; do after → end", "start each after end", {"streets": []}, {"streets": [], "results": []}),
    },
    "multi_instance_all_at_once": {
        "": Life(
            "→ each each each; do each:2 result=3 → each each; do each:0 result=1 → each; do each result=2 → after; do after → end",
            "start each each each after end", {**STREETS, "result": "mine"}, {**STREETS, "result": "mine", "results": [1, 2, 3]},
        ),
    },
    "multi_instance_until_enough": {
        "": Life(
            "→ each each each; do each:1 result=2 → each each; do each:0 result=1 → after; do after → end",
            "start each each after end", STREETS, {**STREETS, "results": [1, 2]},
        ),
    },
    "multi_instance_a_number_of_times": {
        "": Life("→ each each; do each said=1 → each; do each said=2 → after; do after → end",
                 "start each each after end", {"n": 2}, {"n": 2, "said": 2}),
        "no time": Life("→ after; do after → end", "start each after end", {"n": 0}, {"n": 0}),
    },
    "message_by_key": {
        "": Life(
            "→ hear hear; message paved@B-2 result=wide → hear; message paved@17 result=narrow → after; do after → end",
            "start s s hear se each hear se each after end",
            {"streets": [{"order": 17}, {"order": "B-2"}]},
            {"streets": [{"order": 17}, {"order": "B-2"}], "results": ["narrow", "wide"]},
        ),
    },
    "multi_instance_subprocess": {
        "": Life(
            "→ x x; do x:1 result=2 → j x; do x result=1 → j j; job j:0 → j; job j → after; do after → end",
            "start s s x x j se each j se each after end", {"streets": ["a", "b"]}, {"streets": ["a", "b"], "results": [1, 2]},
        ),
    },
    "loop": {
        "": Life("→ again; do again n=1 → again; do again n=0 → after; do after → end",
                 "start again again after end", {"n": 0}, {"n": 0}),
        "five times at most": Life(
            "→ again; do again n=1 → again; do again n=1 → again; do again n=1 → again; do again n=1 → again; do again n=1"
            " → after; do after → end", "start again again again again again after end", {"n": 0}, {"n": 1},
        ),
    },
    "loop_tested_before": {
        "never": Life("→ after; do after → end", "start again after end", {"n": 0}, {"n": 0}),
        "twice at most": Life("→ again; do again n=1 → again; do again n=1 → after; do after → end",
                              "start again again after end", {"n": 1}, {"n": 1}),
    },
    "boundary_timer": {
        "in time": Life("→ b work; wait 1 → b work; do work → end", "start work end"),
        "late": Life("→ b work; wait 2 → side; do side → end", "start b side other"),
    },
    "boundary_timer_beside": {
        "in time": Life("→ b work; do work → end", "start work end"),
        "late": Life("→ b work; wait 2 → side work; do work → side; do side → end", "start b work end side other"),
        "later": Life("→ b work; wait 50 → side work; do side → work; do work → end", "start b side other work end"),
    },
    "boundary_timer_again_and_again": {
        "twice": Life("→ b work; wait 2 → b side work; wait 2 → b side side work; do work → side side; do side:0 → side; do side → end",
                      "start b b work end side other side other"),
        "missed": Life("→ b work; wait 5 → b side work; wait 1 → side side work; wait 9 → side side work; do work → side side;"
                       " do side:0 → side; do side → end", "start b b work end side other side other"),
    },
    "boundary_timer_every_time": {
        "missed": Life("→ b work; wait 5 → b side side work; do work → side side; do side:0 → side; do side → end",
                       "start b b work end side other side other"),
    },
    "timers_in_order": {
        "all at once": Life("→ first second third work; wait 50 → work; do work → end",
                            "start first note_first end_first second note_second end_second third note_third end_third work end",
                            {"noted": []}, {"noted": ["first", "second", "third"]}),
        "two": Life("→ first second third work; wait 4 → third work; do work → end",
                    "start first note_first end_first second note_second end_second work end",
                    {"noted": []}, {"noted": ["first", "second"]}),
    },
    "boundary_message": {
        "": Life("→ b work; message stop why=rain → side; do side → end", "start b side other", left={"why": "rain"}),
        "not": Life("→ b work; do work → end", "start work end"),
    },
    "boundary_message_beside": {
        "twice": Life("→ b work; message stop → b side work; message stop → b side side work; do work → side side;"
                      " do side:0 → side; do side → end", "start b b work end side other side other"),
    },
    "boundary_error": {
        "refused": Life("→ work; fail work lost → side; do side → end", "start b side other",
                        left={"error_code": "lost", "error_message": ""}),
        "done": Life("→ work; job work area=3 → end", "start work end", left={"area": 3}),
    },
    "error_end": {
        "thrown": Life("→ x; do x n=1 → side; do side → end", "start s x g bad b side other", {"n": 0}, {"n": 1}),
        "not": Life("→ x; do x n=0 → end", "start s x g se sub end", {"n": 1}, {"n": 0}),
    },
    "boundary_escalation": {"": Life("→ side; do side → end", "start s shout b side other")},
    "boundary_escalation_beside": {
        "": Life("→ side x; do x → side; do side → end", "start s shout b x se sub end side other"),
    },
    "escalation_end": {
        "": Life("→ x; do x → after side; do side → after; do after → end", "start s x se sub b side other after end"),
    },
    "intermediate_timer": {
        "": Life("→ wait; wait 1 → wait; wait 1 → work; do work → end", "start wait work end"),
    },
    "intermediate_message": {
        "": Life("→ hear; message other → hear; message answer n=1 → work; do work → end", "start hear tell work end",
                 left={"n": 1}),
    },
    "message_end": {"": Life("→ work; do work → end", "start work end")},
    "terminate_end": {
        "": Life("→ a b; do a → end", "start p a stop"),
        "the other way": Life("→ a b; do b → a; do a → end", "start p b end a stop"),
    },
    "data_object": {"": Life("→ work; do work photo=7 → look; do look → end", "start work look end", left={"photo": 7})},
    "lanes": {"": Life("→ check; do check → pave; do pave → end", "start check pave end")},
    "links": {"": Life("→ a; do a → b; do b → end", "start a l m b end")},
}  # fmt: skip

#: The rule each process in `refused/` breaks.
REFUSED = {
    "two_plain_starts": "several-starts",
    "two_timers_behind_an_event_gateway": "event-gateway-two-timers",
    "event_subprocess": "event-subprocess",
    "signal": "signal-event",
    "signal_thrown": "signal-event",
    "compensation": "compensation",
    "transaction": "transaction",
    "conditional_event": "conditional-event",
    "complex_gateway": "complex-gateway",
    "ad_hoc_subprocess": "ad-hoc-subprocess",
    "link_without_its_other_half": "link-event",
    "calls_itself": "call-recursion",
    "a_million_rounds": "multi-instance-limit",
    "python_script": "script-language",
}
