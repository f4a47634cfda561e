"""One library, one door: where each third-party library may be imported."""

from __future__ import annotations

import ast
import fnmatch
import importlib.metadata
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

# Library: the files that may import it. A library that is not here needs a door first.
DOORS: dict[str, list[str]] = {
    # The language of a part, spoken all over it
    "click": ["hub/cli/*", "hub/plugins/hookspecs.py", "hub/plugins/commands.py"],
    "jinja2": ["skills/templates/*", "web/render.py"],
    "markupsafe": ["web/*"],
    "msgspec": ["hub/*", "skills/*", "store/*", "web/*"],
    "pluggy": ["hub/plugins/*"],
    "starlette": ["web/*"],
    "tortoise": ["store/*"],
    # One file each
    "aiosqlite": ["store/history.py"],
    "apprise": ["hub/notify/apprise.py"],
    "argon2": ["hub/access.py"],
    "astral": ["skills/sun.py"],
    "cryptography": ["store/secrets.py"],
    "ifaddr": ["hub/addresses.py"],
    "jinja2_fragments": ["web/render.py"],
    "prometheus_client": ["web/api/metrics.py"],
    "psutil": ["web/machine.py"],
    "regex": ["skills/templates/patterns.py"],
    "requests": ["hub/notify/exchange.py"],
    "uvicorn": ["web/server.py"],
    "uvloop": ["hub/cli/run.py"],
    "websockets": ["hub/cli/client.py"],
    "yaml": ["skills/source.py"],
    "zeroconf": ["hub/discovery/announce.py"],
}

# Installed for a library's sake, or loaded by name: distribution, and why.
INDIRECT = {
    "python-multipart": "Starlette reads forms with it",
    "tzdata": "the time zones of zoneinfo, where the system has none",
}


def test_a_library_is_imported_at_its_door_only(
    trees: dict[str, ast.Module], packages: tuple[str, ...]
) -> None:
    ours = {n: t for n, t in trees.items() if n.split("/")[0] in packages}
    outside = sys.stdlib_module_names | set(packages)
    strays = {
        f"{name} imports {library}"
        for name, tree in ours.items()
        for library in set(_imported(tree)) - outside
        if not any(fnmatch.fnmatch(name, door) for door in DOORS.get(library, []))
    }
    assert strays == set(), "\n".join(sorted(strays))


def test_what_is_declared_is_what_is_imported(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    declared = {re.split(r"[\[><=,; ]", line)[0] for line in project["dependencies"]}
    distributions = importlib.metadata.packages_distributions()
    imported = {name.lower().replace("_", "-") for door in DOORS for name in distributions[door]}
    assert declared == imported | INDIRECT.keys()


def _imported(tree: ast.Module) -> Iterator[str]:
    """What a file imports, by statement or by `import_module("a name")`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            names = [a.value for a in node.args if isinstance(a, ast.Constant)]
            yield from (str(name).partition(".")[0] for name in names)
