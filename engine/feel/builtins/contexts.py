"""Functions of contexts. Source: DMN 1.4, 10.3.4.6."""

from __future__ import annotations

from engine.feel.builtins.signatures import builtin
from engine.feel.values import Value


@builtin("get value(m: context, key: string)", "get value(context: context, key: string)")
def get_value(context: dict[str, Value], key: str) -> Value:
    """The entry with this name."""
    return context.get(key)


@builtin("get entries(m: context)", "get entries(context: context)")
def get_entries(context: dict[str, Value]) -> list[Value]:
    """All entries as contexts of `key` and `value`."""
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context(entries: list)")
def context_of(entries: list[Value]) -> dict[str, Value] | None:
    """The context made of contexts of `key` and `value`; null when a key comes twice or one is not complete."""
    made: dict[str, Value] = {}
    for entry in entries:
        if not isinstance(entry, dict) or "value" not in entry:
            return None
        key = entry.get("key")
        if not isinstance(key, str) or key in made:
            return None
        made[key] = entry["value"]
    return made


@builtin("context put(context: context, key: string, value: Any)")
def context_put(context: dict[str, Value], key: str, value: Value) -> dict[str, Value]:
    """With one entry more, or another value for it."""
    return {**context, key: value}


@builtin("context put(context: context, keys: list, value: Any)")
def context_put_deep(context: dict[str, Value], keys: list[Value], value: Value) -> dict[str, Value] | None:
    """With another value for an entry of an entry, and so on along the keys."""
    if not keys or not isinstance(keys[0], str):
        return None
    if len(keys) == 1:
        return {**context, keys[0]: value}
    inner = context.get(keys[0])
    changed = context_put_deep(inner, keys[1:], value) if isinstance(inner, dict) else None
    return None if changed is None else {**context, keys[0]: changed}


@builtin("context merge(contexts: list)")
def context_merge(contexts: list[Value]) -> dict[str, Value] | None:
    """The entries of all contexts; of two with one name the later."""
    merged: dict[str, Value] = {}
    for context in contexts:
        if not isinstance(context, dict):
            return None
        merged.update(context)
    return merged
