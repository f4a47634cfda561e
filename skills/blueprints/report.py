"""Checks blueprint files without a running hub: for `hub check` and `hub blueprint check`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from hub.errors import HubError
from skills.blueprints import checks
from skills.blueprints.model import Blueprint
from skills.blueprints.parse import parse
from skills.source import read

_WHERE = re.compile(r"(?:.*?, )?line (\d+)(?:, at (.*))?")


@dataclass(frozen=True, slots=True)
class FileFinding:
    """Something about a file. `level` is "error" or "warning"; `line` is 1 for the first."""

    file: str
    level: str
    message: str
    path: str = ""
    line: int | None = None
    remedy: str = ""


def check_files(paths: Iterable[Path]) -> list[FileFinding]:
    """What is wrong with these files; in a folder, with all of its YAML files."""
    findings = []
    for path in paths:
        files = sorted((*path.rglob("*.yaml"), *path.rglob("*.yml"))) if path.is_dir() else [path]
        for file in files:
            findings += check_file(file)
    return findings


def check_file(file: Path) -> list[FileFinding]:
    """What is wrong with one file; its error, or what is merely strange about it."""
    try:
        blueprint = parse(read(file), file.name)
    except HubError as error:
        return [_error(file, error)]
    noted = [*blueprint.warnings, *_wrong_defaults(blueprint)]
    return [
        FileFinding(str(file), "warning", message, path, blueprint.source.line(path))
        for path, message in noted
    ]


def _error(file: Path, error: HubError) -> FileFinding:
    found = _WHERE.fullmatch(error.where)
    line, path = (int(found[1]), found[2] or "") if found else (None, "")
    return FileFinding(str(file), "error", error.sentence, path, line, error.remedy)


def _wrong_defaults(blueprint: Blueprint) -> list[tuple[str, str]]:
    found = []
    for one in blueprint.inputs:
        if one.required or one.default in (None, "", [], {}):
            continue
        if trouble := checks.trouble(one.selector, one.default, None):
            path = f"blueprint/input/{one.key}/default"
            found.append((path, f"The default doesn't fit its selector: {trouble}"))
    return found
