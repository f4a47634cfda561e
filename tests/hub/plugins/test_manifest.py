from __future__ import annotations

from pathlib import Path

import pytest

from hub.errors import Invalid
from hub.plugins import loader, manifest

GOOD = 'domain = "bulb"\nname = "Bulb"\nversion = "1.0"\n'


def written(tmp_path: Path, text: str | bytes) -> Path:
    folder = tmp_path / "bulb"
    folder.mkdir()
    raw = text if isinstance(text, bytes) else text.encode()
    (folder / "integration.toml").write_bytes(raw)
    return folder


def test_a_manifest_says_what_an_integration_is_and_asks_for(tmp_path: Path) -> None:
    text = GOOD + 'requirements = ["aiolamp>=2"]\n[discovery]\nmdns = ["_lamp._tcp.local."]\n'
    found = manifest.read(written(tmp_path, text))
    assert (found.domain, found.name, found.version) == ("bulb", "Bulb", "1.0")
    assert found.requirements == ["aiolamp>=2"]
    assert found.discovery.mdns == ["_lamp._tcp.local."]
    assert found.icon == "puzzle"


@pytest.mark.parametrize(
    "text, sentence, line",
    [
        ('name = "Bulb"\nversion = "1"\n', "domain is missing", ""),
        (GOOD + "icon = 5\n", "icon must be text, not a whole number", ", line 4"),
        (GOOD + "colour = 1\n", "colour is not known here", ", line 4"),
        ('domain = "Bulb!"\nname = "B"\nversion = "1"\n', "right form", ", line 1"),
        ('domain = "lamp"\nname = "B"\nversion = "1"\n', "folder is bulb", ""),
        ('domain = "bulb\n', "not valid TOML", ""),
        (b"\xff\xfe\x00", "can't be read", ""),
    ],
)
def test_a_wrong_manifest_is_refused_with_file_and_line(
    tmp_path: Path, text: str | bytes, sentence: str, line: str
) -> None:
    folder = written(tmp_path, text)
    with pytest.raises(Invalid, match=sentence) as caught:
        manifest.read(folder)
    assert caught.value.where == f"{folder / 'integration.toml'}{line}"
    assert caught.value.culprit == "bulb"


def test_a_folder_without_a_manifest_says_what_to_add(tmp_path: Path) -> None:
    (tmp_path / "bulb").mkdir()
    with pytest.raises(Invalid, match=r"has no integration.toml"):
        manifest.read(tmp_path / "bulb")


def test_every_folder_is_found_and_of_two_with_one_name_the_first(tmp_path: Path) -> None:
    for place in ("one/bulb", "one/_private", "one/.hidden", "two/bulb", "two/bell"):
        (tmp_path / place).mkdir(parents=True)
    (tmp_path / "one" / "file.txt").write_text("")
    found = loader.find([tmp_path / "one", tmp_path / "two", tmp_path / "three"])
    assert list(found) == ["bulb", "bell"]
    assert found["bulb"].folder == tmp_path / "one" / "bulb"
    assert not found["bulb"].built_in


def test_the_built_in_integrations_are_found_and_their_manifests_hold() -> None:
    found = loader.find([loader.BUILT_IN])
    assert "demo" in found
    assert [f.domain for f in found.values() if f.error or not f.built_in] == []
