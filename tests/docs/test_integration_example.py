"""The example in docs/integrations.md is whole: it is written out, checked, loaded and tested."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import hub
from hub.config import Config, Integrations
from hub.errors import Retry
from hub.plugins.face import Face
from hub.plugins.hookspecs import Hooks
from hub.plugins.manifest import Manifest
from hub.testing import hub_for_test

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "integrations.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"^```\w+ file=(\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))


@pytest.fixture
def community(tmp_path: Path) -> Path:
    """A community folder with the example in it."""
    (tmp_path / "porch").mkdir()
    for name, text in BLOCKS.items():
        (tmp_path / "porch" / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_the_page_holds_every_file_of_the_example() -> None:
    assert sorted(BLOCKS) == [
        "__init__.py", "adapter.py", "integration.toml", "test_porch.py", "translate.py",
    ]  # fmt: skip


def test_its_own_test_passes(community: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", str(ROOT / "pyproject.toml"),
         str(community / "porch" / "test_porch.py")],
        check=False, capture_output=True, text=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


async def test_it_goes_on_after_reload_and_from_its_last_state(community: Path) -> None:
    config = Config(integrations=Integrations(folder=str(community)))
    async with hub_for_test(integrations=["porch"], parts=(), config=config) as house:
        await house.hub.actions.call("light.toggle", {}, "light.porch")
        assert house.state("light.porch") == "on"
        adapter = community / "porch" / "adapter.py"
        text = adapter.read_text(encoding="utf-8")
        adapter.write_text(text.replace('[b"215", b"216", b"230"]', "[]"), encoding="utf-8")
        loaded = await house.hub.plugins.reload("porch")
        assert (loaded.status, type(loaded.error)) == ("retrying", Retry)
        assert str(loaded.error) == "The porch lamp does not answer. Is it plugged in?"
        assert house.state("light.porch") == "unavailable"


def test_the_code_imports_from_the_face_only(community: Path) -> None:
    for name in ("__init__.py", "adapter.py", "translate.py"):
        tree = ast.parse((community / "porch" / name).read_text(encoding="utf-8"))
        froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        ours = {node.module for node in froms if node.module and "hub" in node.module}
        assert ours <= {"hub"}
        names = {a.name for node in froms if node.module == "hub" for a in node.names}
        assert names <= set(vars(hub)["__all__"])


def test_every_hook_for_integrations_is_in_the_page() -> None:
    hooks = {name for name in vars(Hooks) if not name.startswith("_")} - {"part", "checks"}
    assert [name for name in sorted(hooks) if f"| `{name}(" not in PAGE] == []


def test_every_key_of_the_manifest_is_in_the_page() -> None:
    keys = [key for key in Manifest.__struct_fields__ if key != "discovery"]
    assert [key for key in keys if f"`{key}`" not in PAGE] == []


def test_everything_a_face_can_do_is_in_the_page() -> None:
    can = [name for name in vars(Face) if not name.startswith("_") and name != "close"]
    assert [name for name in can if not re.search(rf"`(await )?{name}[(`]", PAGE)] == []


def test_every_error_is_in_the_page() -> None:
    errors = ("Retry", "NeedsPerson", "Refused", "Invalid", "Broken")
    assert [name for name in errors if f"| `{name}(" not in PAGE] == []
