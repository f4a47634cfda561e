"""A click group whose commands are imported when they are used, and not to list them."""

from __future__ import annotations

import gc
import importlib
from collections.abc import Callable, Mapping
from typing import Any

import click


class LazyGroup(click.Group):
    """`commands_by_name`: name -> (`module:attribute`, the line that `--help` shows).

    `otherwise` is asked for a command that is not in the table.
    """

    def __init__(
        self,
        *args: Any,
        commands_by_name: Mapping[str, tuple[str, str]],
        otherwise: Callable[[click.Context, str], click.Command | None],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._table = commands_by_name
        self._otherwise = otherwise

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """In the order of the table: what a newcomer needs first stands first."""
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module, if there is such a command."""
        if cmd_name not in self._table:
            return self._otherwise(ctx, cmd_name)
        module, _, attribute = self._table[cmd_name][0].partition(":")
        # Nothing that an import makes is garbage: looking for some would cost a tenth of its time.
        gc.disable()
        try:
            command: click.Command = getattr(importlib.import_module(module), attribute)
        finally:
            gc.enable()
        return command

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002 - as above
        formatter: click.HelpFormatter,
    ) -> None:
        """List them without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in self._table.items()])


def example(*lines: str) -> str:
    """A command's example, as its `epilog`; click keeps the line breaks after the control mark."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)
