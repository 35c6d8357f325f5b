"""Doors for people at a terminal. A command reads its words, opens a transaction, asks the rooms below and prints.

Knows neither settings nor servers: the composition root hands every command the application to work in, as the object of
the context. A command's module is loaded when the command is used.
"""

from __future__ import annotations

from importlib import import_module

import click

#: Where each command stands.
MODULES = {
    "deploy": "designing",
    "lint": "designing",
    "instances": "instances",
    "instance": "instances",
    "suspend": "instances",
    "resume": "instances",
    "start": "beginnings",
    "starts": "beginnings",
    "cancel": "instances",
    "incidents": "mending",
    "send-message": "messages",
    "retry": "mending",
    "performance": "performance",
    "redate": "redating",
    "migrate-instances": "migrations",
    "undo-migration": "migrations",
    "open-data": "opening",
    "verify": "verifying",
    "working-time": "working_time",
}


class Commands(click.Group):
    """The commands of the composition root, and ours."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in order."""
        return sorted([*super().list_commands(ctx), *MODULES])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, if there is one."""
        if cmd_name not in MODULES:
            return super().get_command(ctx, cmd_name)
        module = import_module(f"terminal.{MODULES[cmd_name]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command
