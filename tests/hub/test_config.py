"""hub.toml: every key is documented, checked, and can be overridden by the environment."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import pytest

from hub.config import SECTIONS, Config, load
from hub.errors import Invalid

ROOT = Path(__file__).resolve().parents[2]
KEYS = [(section, key) for section, kind in SECTIONS.items() for key in get_type_hints(kind)]
DEFAULTS: dict[str, dict[str, Any]] = msgspec.to_builtins(Config())

# For every key another value than its default, as text and as what it means.
OTHERS: dict[tuple[str, str], tuple[str, Any]] = {
    ("server", "host"): ("127.0.0.1", "127.0.0.1"),
    ("server", "port"): ("9000", 9000),
    ("server", "names"): ("hub.example, haus.example", ["hub.example", "haus.example"]),
    ("server", "trusted_proxies"): ("192.0.2.1", ["192.0.2.1"]),
    ("storage", "data"): ("/srv/home", "/srv/home"),
    ("storage", "history_days"): ("2.5", 2.5),
    ("storage", "history_flush"): ("1", 1.0),
    ("storage", "traces_kept"): ("7", 7),
    ("mdns", "enabled"): ("false", False),
    ("mdns", "name"): ("haus", "haus"),
    ("integrations", "enabled"): ("", []),
    ("integrations", "folder"): ("/srv/more", "/srv/more"),
    ("integrations", "load_timeout"): ("3", 3.0),
    ("notify", "workers"): ("4", 4),
    ("notify", "attempts"): ("2", 2),
    ("notify", "first_wait"): ("0.5", 0.5),
    ("notify", "longest_wait"): ("60", 60.0),
    ("notify", "timeout"): ("5", 5.0),
    ("sign_in", "idle_days"): ("1", 1.0),
    ("sign_in", "longest_days"): ("9", 9.0),
    ("sign_in", "attempts"): ("3", 3),
    ("sign_in", "window"): ("30", 30.0),
    ("log", "level"): ("debug", "debug"),
    ("testing", "movable_clock"): ("true", True),
}


def written(folder: Path, text: str) -> Path:
    path = folder / "hub.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, text: str) -> Invalid:
    with pytest.raises(Invalid) as caught:
        load(written(folder, text), {})
    return caught.value


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    assert load(tmp_path / "hub.toml", {}) == Config()


def test_a_key_that_is_written_counts(tmp_path: Path) -> None:
    path = written(tmp_path, '[mdns]\nname = "haus"\n\n[server]\nport = 80\n')
    config = load(path, {})
    assert (config.mdns.name, config.server.port, config.log.level) == ("haus", 80, "info")


def test_a_whole_number_serves_where_a_fraction_may_stand(tmp_path: Path) -> None:
    assert load(written(tmp_path, "[storage]\nhistory_days = 3\n"), {}).storage.history_days == 3.0


def test_every_key_has_a_value_to_try_here() -> None:
    assert set(OTHERS) == set(KEYS)


@pytest.mark.parametrize("section,key", KEYS)
def test_the_environment_overrides_every_key(section: str, key: str) -> None:
    text, value = OTHERS[section, key]
    config = load(None, {f"HUB_{section}_{key}".upper(): text})
    changed = msgspec.to_builtins(config)
    assert changed[section][key] == value != DEFAULTS[section][key]
    changed[section][key] = DEFAULTS[section][key]
    assert changed == DEFAULTS


@pytest.mark.parametrize("section,key", KEYS)
def test_the_environment_is_stronger_than_the_file(tmp_path: Path, section: str, key: str) -> None:
    default = msgspec.json.encode(DEFAULTS[section][key]).decode()
    path = written(tmp_path, f"[{section}]\n{key} = {default}\n")
    text, value = OTHERS[section, key]
    config = msgspec.to_builtins(load(path, {f"HUB_{section}_{key}".upper(): text}))
    assert config[section][key] == value


def test_the_data_folder_and_the_port_have_short_names() -> None:
    config = load(None, {"HUB_DATA": "~/home", "HUB_PORT": "0"})
    assert (config.data, config.server.port) == (Path("~/home").expanduser(), 0)


def test_text_in_the_environment_that_looks_like_a_number_stays_text() -> None:
    assert load(None, {"HUB_STORAGE_DATA": "2026"}).data == Path("2026")


def test_other_variables_are_none_of_our_business() -> None:
    environ = {"HOME": "/x", "HUBBLE": "1", "HUB_CONFIG": "a", "HUB_URL": "b", "HUB_TOKEN": "c"}
    assert load(None, environ) == Config()


def test_a_wrong_variable_is_told_with_the_likeliest_right_one() -> None:
    with pytest.raises(Invalid) as caught:
        load(None, {"HUB_SERVER_PROT": "1"})
    assert caught.value.where == "environment"
    assert "HUB_SERVER_PROT sets nothing" in caught.value.sentence
    assert caught.value.remedy == "Did you mean “HUB_SERVER_PORT”?"


def test_a_wrong_value_in_the_environment_names_the_variable() -> None:
    with pytest.raises(Invalid) as caught:
        load(None, {"HUB_PORT": "many"})
    assert caught.value.where == "environment variable HUB_PORT"
    assert "server.port can't be 'many'" in caught.value.sentence
    assert caught.value.remedy == "The default is 8321."


WRONG = [
    ("[server]\nport = 80\nprot = 1\n", 3, "no key “prot”", "Did you mean “port”?"),
    ("[server]\nport = 80\n\n[mqtt]\nhost = 1\n", 4, "no section “mqtt”", "Known here: "),
    ("\n[sever]\nport = 80\n", 2, "no section “sever”", "Did you mean “server”?"),
    ("[server]\nport = '80'\n", 2, "server.port can't be '80'", "The default is 8321."),
    ("[server]\n# port\nport = 70000\n", 3, "server.port can't be 70000", "The default is 8321."),
    ("[mdns]\nname = 'a b'\n", 2, "mdns.name can't be 'a b'", 'The default is "hub".'),
    ("[log]\nlevel = 'loud'\n", 2, "log.level can't be 'loud'", 'The default is "info".'),
    ("[notify]\nfirst_wait = 0\n", 2, "notify.first_wait can't be 0", "The default is 2.0."),
    ("[integrations]\nenabled = [1]\n", 2, "enabled can't be [1]", 'The default is ["demo"].'),
    ("mdns = true\n", 1, "“mdns” must be a section", "Write [mdns] on a line of its own"),
    ("port = 80\n", 1, "no section “port”", "Known here: "),
    ("[server]\nport = = 80\n", 2, "not valid TOML", "Compare the line with the examples"),
    ("[server]\nport = 80\nport = 81\n", 3, "not valid TOML", "Compare the line"),
]


@pytest.mark.parametrize("text,line,sentence,remedy", WRONG)
def test_a_mistake_is_told_with_its_line_and_remedy(
    tmp_path: Path, text: str, line: int, sentence: str, remedy: str
) -> None:
    error = refused(tmp_path, text)
    assert sentence in error.sentence
    assert remedy in error.remedy
    assert f"{tmp_path / 'hub.toml'}, line {line}" == error.where


def test_the_same_key_in_another_section_is_not_taken_for_the_wrong_one(tmp_path: Path) -> None:
    error = refused(tmp_path, "[notify]\nattempts = 3\n\n[sign_in]\nattempts = 'x'\n")
    assert error.where.endswith("line 5")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "hub.toml"
    path.write_bytes(b"[server]\nhost = '\xff\xfe'\n")
    with pytest.raises(Invalid, match="UTF-8"):
        load(path, {})


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "hub.toml").mkdir()
    with pytest.raises(Invalid, match="can't be read"):
        load(tmp_path / "hub.toml", {})


def test_hub_toml_changes_nothing_as_it_is_shipped() -> None:
    assert load(ROOT / "hub.toml", {}) == Config()


def test_hub_toml_shows_every_key_with_its_default_its_comment_and_its_variable() -> None:
    assert list(shown()) == KEYS
    wrong = [
        f"{section}.{key}"
        for (section, key), (above, value, variables) in shown().items()
        if not above.startswith("# ")
        or msgspec.toml.decode(f"x = {value}")["x"] != DEFAULTS[section][key]
        or f"HUB_{section}_{key}".upper() not in variables.split(" or ")
    ]
    assert wrong == []


def shown() -> dict[tuple[str, str], tuple[str, str, str]]:
    """What hub.toml shows of each key: the line above it, its value, its variables."""
    text = (ROOT / "hub.toml").read_text(encoding="utf-8")
    found = {}
    for part in re.split(r"^(?=\[\w+\]$)", text, flags=re.MULTILINE)[1:]:
        section = part[1 : part.index("]")]
        for line in re.finditer(r"^(.*)\n# (\w+) = (.*?) +# (HUB.*)$", part, re.MULTILINE):
            found[section, line[2]] = (line[1], line[3], line[4])
    return found
