"""Which hub a command is about: its settings file and its data folder."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path

import click

from hub.config import Config, load
from hub.errors import Invalid

DEFAULT = "hub.toml"


class House:
    """Handed to every command by `pass_house`; reads nothing before it is asked."""

    def __init__(self, config_path: str | None = None) -> None:
        self._named = config_path or os.environ.get("HUB_CONFIG")

    @property
    def config_path(self) -> Path:
        """The settings file, which need not exist unless it was named."""
        return Path(self._named or DEFAULT).expanduser()

    @cached_property
    def config(self) -> Config:
        """The settings. Raises Invalid with file, line and remedy."""
        if self._named and not self.config_path.is_file():
            raise Invalid(
                f"There is no settings file {self.config_path}.",
                remedy="Correct --config or HUB_CONFIG.",
            )
        return load(self.config_path, os.environ)

    @property
    def folder(self) -> Path:
        """The data folder, by which a running hub is found."""
        # A hub that is named by its address needs no settings here.
        return Path() if os.environ.get("HUB_URL") else self.config.data


pass_house = click.make_pass_decorator(House)
