"""The drawing of what was added, so that flows that begin there can still be drawn."""

from __future__ import annotations

from engine.lint.xml import Element, make

DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
#: Half the size of an added gateway.
_HALF = 12.5


def draw_behind(root: Element, source: Element, added: Element) -> None:
    """A small shape on the right border of another one; nothing where that is not drawn itself."""
    shape = next((s for s in root.iter(f"{{{DI}}}BPMNShape") if _of(s) == source.get("id")), None)
    bounds = shape.find(f"{{{DC}}}Bounds") if shape is not None else None
    if shape is None or bounds is None:
        return
    try:
        x, y, width, height = (float(bounds.get(name) or "") for name in ("x", "y", "width", "height"))
    except ValueError:
        return
    identifier = added.get("id") or ""
    drawn = make(f"{{{DI}}}BPMNShape", shape, {"id": f"{identifier}_di", "bpmnElement": identifier})
    size = f"{2 * _HALF:g}"
    place = {"x": f"{x + width - _HALF:g}", "y": f"{y + height / 2 - _HALF:g}", "width": size, "height": size}
    drawn.append(make(f"{{{DC}}}Bounds", bounds, place))
    shape.addnext(drawn)


def _of(shape: Element) -> str:
    return (shape.get("bpmnElement") or "").rpartition(":")[2]
