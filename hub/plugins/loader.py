"""Finds integrations on the disk and imports them, each under a module name of its own.

Built-in and community integrations are folders with the same two files; both come this way.
"""

from __future__ import annotations

import importlib.util
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from hub.errors import Broken, HubError
from hub.plugins import manifest
from hub.plugins.manifest import Manifest

BUILT_IN = Path(__file__).resolve().parents[2] / "integrations"


@dataclass(frozen=True, slots=True)
class Found:
    """An integration's folder; `error` says why its manifest can't be read."""

    domain: str
    folder: Path
    manifest: Manifest | None
    error: HubError | None = None

    @property
    def built_in(self) -> bool:
        """Whether it came with the hub."""
        return self.folder.parent == BUILT_IN

    @property
    def module(self) -> str:
        """The name that it is imported under."""
        return f"{'integrations' if self.built_in else 'hearth_community'}.{self.domain}"


def find(folders: list[Path]) -> dict[str, Found]:
    """Every integration in these folders by domain; of two with one domain, the first."""
    found: dict[str, Found] = {}
    for folder in folders:
        if not folder.is_dir():
            continue
        for inside in sorted(folder.iterdir()):
            if inside.is_dir() and not inside.name.startswith((".", "_")):
                found.setdefault(inside.name, _look(inside))
    return found


def import_module(found: Found) -> ModuleType:
    """Import an integration's package. Raises Broken with the culprit and the reason."""
    forget_module(found)
    package, _, _ = found.module.partition(".")
    if package not in sys.modules:
        parent = ModuleType(package)
        parent.__path__ = [str(BUILT_IN)] if found.built_in else []
        sys.modules[package] = parent
    spec = importlib.util.spec_from_file_location(
        found.module,
        found.folder / "__init__.py",
        submodule_search_locations=[str(found.folder)],
    )
    if spec is None or spec.loader is None or not (found.folder / "__init__.py").exists():
        raise Broken(f"{found.folder} has no __init__.py.", culprit=found.domain)
    module = importlib.util.module_from_spec(spec)
    sys.modules[found.module] = module
    try:
        spec.loader.exec_module(module)
    except BaseException as error:
        forget_module(found)
        raise Broken(
            f"{found.domain} can't be imported: {type(error).__name__}: {error}.",
            where=_where(found, error),
            remedy=_remedy(found, error),
            culprit=found.domain,
        ) from error
    return module


def forget_module(found: Found) -> None:
    """Drop only its own modules, so that the next import reads the files again."""
    own = found.module + "."
    for name in [n for n in sys.modules if n == found.module or n.startswith(own)]:
        del sys.modules[name]
    importlib.invalidate_caches()


def forget_bytecode(found: Found) -> None:
    """Drop what Python compiled of it: a file that was changed twice within a second and kept its
    length would look unchanged."""
    for compiled in found.folder.rglob("__pycache__/*.pyc"):
        compiled.unlink(missing_ok=True)


def _where(found: Found, error: BaseException) -> str:
    """The file and line of its own that the error came from."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}, line {error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if Path(f.filename).is_relative_to(found.folder)]
    return f"{own[-1].filename}, line {own[-1].lineno}" if own else str(found.folder)


def _remedy(found: Found, error: BaseException) -> str:
    needs = found.manifest.requirements if found.manifest else []
    if isinstance(error, ModuleNotFoundError) and needs:
        return f"It needs {', '.join(needs)}: install that where the hub runs, then reload it."
    return "Update or remove it, or tell its author."


def _look(folder: Path) -> Found:
    try:
        return Found(folder.name, folder, manifest.read(folder))
    except HubError as error:
        return Found(folder.name, folder, None, error)
