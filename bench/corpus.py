"""What the engine makes of diagrams others have drawn: every BPMN file below some folders is uploaded and run.

    python -m bench.corpus [DIR…]

Each file goes through the check of an upload, in the same process with the same limits; what is accepted runs on stubbed
tasks to its end. A table of counts for each folder is printed, then the reasons for refusal, the most frequent first.
Exits with 1 when a file that was accepted failed, or the check itself did.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from engine.lint import Answers, Vocabulary, inspect
from engine.lint.apart import Helper, NoAnswer, ask

CORPUS = Path(__file__).parents[2] / "shared" / "data" / "bpmn"

_HELPER = Helper("bench.corpus_run")
_NOTHING = Vocabulary(handlers=(), functions=())
#: Findings that say the check was stopped, not what is wrong with the file.
_GIVEN_UP = frozenset({"check-too-long", "check-too-large", "check-failed", "engine-refuses"})
_COLUMNS = ("files", "accepted", "answered", "refused", "end", "waits", "failed")
#: What an uploader would say to everything that a drawing leaves open.
_YES = Answers(accept=True, people="anybody")
_NOTE = """\
Each file is one deployment. What it names is taken to be there, as whoever deploys it would bring it: topics as handlers,
forms without fields, decisions that answer null, any group of people, and for each process that is called and lies in no
other place one that ends at once.
accepted: no error was found, what is sloppy was put right and told; answered: none was found once the uploader had accepted
what is proposed and named a group for tasks that name nobody; refused: each with findings. The others were run with empty
answers: end: to their end; waits: went round until the limit of acts, or for a value nobody gives; failed: stopped with an error."""


@dataclass(frozen=True)
class Outcome:
    """What became of one file: the rules it broke, whether answers were needed, and how it ran where it broke none."""

    path: Path
    rules: frozenset[str]
    went: str = ""
    why: str = ""
    is_answered: bool = False

    @property
    def is_fault(self) -> bool:
        """Whether the engine is to blame: it failed, or could not say what is wrong."""
        return self.went == "failed" or bool(self.rules & _GIVEN_UP)


def tried(path: Path) -> Outcome:
    """Upload a file, with answers where they are needed, and run it when it is accepted."""
    try:
        outcome = _uploaded(path, Answers())
        return outcome if outcome.went or outcome.is_fault else _uploaded(path, _YES)
    except NoAnswer as refusal:
        return Outcome(path, frozenset(), "failed", str(refusal))


def _uploaded(path: Path, answers: Answers) -> Outcome:
    files, said = {path.name: path.read_bytes()}, asdict(answers)
    brought = ask("brings", files, _NOTHING, by=_HELPER, answers=said)
    files |= {name: text.encode() for name, text in brought["files"].items()}
    known = Vocabulary(handlers=brought["topics"], functions=())
    errors = inspect(files, known, answers=answers).errors
    is_answered = answers == _YES
    if errors:
        return Outcome(path, frozenset(one.rule for one in errors), is_answered=is_answered)
    return Outcome(path, frozenset(), **ask("run", files, known, by=_HELPER, answers=said), is_answered=is_answered)


def report(outcomes: Sequence[tuple[str, Outcome]]) -> Iterator[str]:
    """The lines of the table, and what is to be said about single files; each outcome stands beside its folder."""
    folders: dict[str, Counter[str]] = {}
    for folder, outcome in outcomes:
        for counts in (folders.setdefault(folder, Counter()), folders.setdefault("all", Counter())):
            counts.update(("files", _verdict(outcome), outcome.went or "refusals"))
    folders["all"] = folders.pop("all", Counter())
    wide = max(map(len, [*folders, "folder"]))
    yield f"{'folder':{wide}}" + "".join(f"{column:>10}" for column in _COLUMNS)
    yield from (f"{name:{wide}}" + "".join(f"{counts[c]:>10}" for c in _COLUMNS) for name, counts in folders.items())
    yield from ("", _NOTE, "", "files still refused for a reason, and for no other:")
    every = Counter(rule for _, outcome in outcomes for rule in outcome.rules)
    only = Counter(rule for _, outcome in outcomes if len(outcome.rules) == 1 for rule in outcome.rules)
    yield from (f"{count:>6}{only[rule]:>6}  {rule}" for rule, count in every.most_common())
    for _, outcome in outcomes:
        if outcome.is_fault or outcome.went == "waits":
            yield f"{outcome.went or 'not checked'}: {outcome.path}: {outcome.why or ', '.join(outcome.rules)}"


def _verdict(outcome: Outcome) -> str:
    if not outcome.went:
        return "refused"
    return "answered" if outcome.is_answered else "accepted"


def diagrams(places: Sequence[Path]) -> list[tuple[str, Path]]:
    """The diagrams below some folders, each with the name of the folder it is counted in."""
    found = []
    for place in places:
        for path in sorted(place.rglob("*.bpmn")):
            parts = path.relative_to(place).parts
            found.append((parts[0] if len(parts) > 1 else place.name, path))
    return found


def main(places: Sequence[str]) -> int:
    """Print the table; the exit code says whether every file was either refused with reasons or run."""
    found = diagrams([Path(place) for place in places] or [CORPUS])
    if not found:
        sys.stderr.write("usage: python -m bench.corpus DIR…; no diagrams were found there\n")
        return 2
    outcomes = []
    for number, (folder, path) in enumerate(found, 1):
        outcomes.append((folder, tried(path)))
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{number} of {len(found)}")
    print("\n".join(report(outcomes)), flush=True)
    return 1 if any(outcome.is_fault for _, outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
