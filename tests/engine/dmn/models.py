"""Decision models for tests, drawn with few words."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def model(*parts: str, namespace: str = NAMESPACE) -> bytes:
    """A model of these elements."""
    return (
        f'<definitions xmlns="{namespace}" id="d" name="d" namespace="urn:test">{"".join(parts)}</definitions>'.encode()
    )


def decision(key: str, logic: str, *requires: str, name: str = "", kind: str = "") -> str:
    """A decision that requires others, inputs or functions, by `decision:x`, `input:x` or `knowledge:x`."""
    variable = f"<variable name={quoteattr(name or key)} typeRef={quoteattr(kind)}/>" if kind else ""
    needs = "".join(_requirement(*required.split(":")) for required in requires)
    return f'<decision id="{key}" name={quoteattr(name or key)}>{variable}{needs}{logic}</decision>'


def given(key: str, *, name: str = "", kind: str = "Any") -> str:
    """Something a decision is given."""
    name = quoteattr(name or key)
    return f'<inputData id="{key}" name={name}><variable name={name} typeRef={quoteattr(kind)}/></inputData>'


def knowledge(key: str, parameters: str, logic: str, *requires: str) -> str:
    """A function decisions share."""
    formal = "".join(f'<formalParameter name="{name.strip()}"/>' for name in parameters.split(",") if name.strip())
    needs = "".join(_requirement(*required.split(":")) for required in requires)
    inner = f"<encapsulatedLogic>{formal}{logic}</encapsulatedLogic>"
    return f'<businessKnowledgeModel id="{key}" name="{key}">{inner}{needs}</businessKnowledgeModel>'


def literal(source: str, **attributes: str) -> str:
    """A literal expression."""
    extra = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return f"<literalExpression{extra}><text>{escape(source)}</text></literalExpression>"


def table(
    head: str, *rows: str, policy: str = "UNIQUE", aggregation: str = "", values: str = "", default: str = ""
) -> str:
    """A decision table from rows of cells: `input | input => output | output`, the first row being the columns."""
    inputs, outputs = _cells(head)
    columns = "".join(f"<input><inputExpression>{_text(one)}</inputExpression></input>" for one in inputs)
    extra = f"<outputValues>{_text(values)}</outputValues>" if values else ""
    extra += f"<defaultOutputEntry>{_text(default)}</defaultOutputEntry>" if default else ""
    results = "".join(f'<output name="{one}">{extra}</output>' for one in outputs)
    rules = "".join(_rule(*_cells(row)) for row in rows)
    summary = f' aggregation="{aggregation}"' if aggregation else ""
    return f'<decisionTable hitPolicy="{policy}"{summary}>{columns}{results}{rules}</decisionTable>'


def _rule(inputs: Sequence[str], outputs: Sequence[str]) -> str:
    tests = "".join(f"<inputEntry>{_text(cell)}</inputEntry>" for cell in inputs)
    results = "".join(f"<outputEntry>{_text(cell)}</outputEntry>" for cell in outputs)
    return f"<rule>{tests}{results}</rule>"


def _cells(row: str) -> tuple[list[str], list[str]]:
    before, _, behind = row.partition("=>")
    return [cell.strip() for cell in before.split("|")], [cell.strip() for cell in behind.split("|")]


def _text(source: str) -> str:
    return f"<text>{escape(source)}</text>"


def _requirement(kind: str, key: str) -> str:
    outer, inner = {
        "decision": ("informationRequirement", "requiredDecision"),
        "input": ("informationRequirement", "requiredInput"),
        "knowledge": ("knowledgeRequirement", "requiredKnowledge"),
    }[kind]
    return f'<{outer}><{inner} href="#{key}"/></{outer}>'
