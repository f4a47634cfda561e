"""hub.toml: this house's settings, each of which the environment can override.

`HUB_<SECTION>_<KEY>` overrides a key (`HUB_SERVER_HOST=127.0.0.1`); `HUB_DATA` and `HUB_PORT`
are short for the data folder and the port. A wrong key or value is refused with its line.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, get_args, get_type_hints

import msgspec
from msgspec import Meta, Struct, field

from hub.errors import Invalid
from hub.sentences import trouble

Port = Annotated[int, Meta(ge=0, le=65535)]
Seconds = Annotated[float, Meta(gt=0)]
Count = Annotated[int, Meta(ge=1)]


class Server(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the pages and the API answer."""

    host: str = "::"
    port: Port = 8321
    names: list[str] = field(default_factory=list)
    trusted_proxies: list[str] = field(default_factory=list)


class Storage(Struct, frozen=True, forbid_unknown_fields=True):
    """Where everything is kept, and for how long."""

    data: str = "data"
    history_days: Annotated[float, Meta(gt=0)] = 14.0
    history_flush: Seconds = 0.25
    traces_kept: Count = 50


class Mdns(Struct, frozen=True, forbid_unknown_fields=True):
    """How the hub is found on the LAN."""

    enabled: bool = True
    name: Annotated[str, Meta(pattern=r"^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$")] = "hub"


class Integrations(Struct, frozen=True, forbid_unknown_fields=True):
    """Which integrations are loaded."""

    enabled: list[str] = field(default_factory=lambda: ["demo"])
    folder: str = ""
    load_timeout: Seconds = 20.0


class Notify(Struct, frozen=True, forbid_unknown_fields=True):
    """How hard the hub tries to deliver a notification."""

    workers: Count = 32
    attempts: Count = 20
    first_wait: Seconds = 2.0
    longest_wait: Seconds = 900.0
    timeout: Seconds = 30.0


class SignIn(Struct, frozen=True, forbid_unknown_fields=True):
    """How long a browser stays signed in, and how often it may guess."""

    idle_days: Annotated[float, Meta(gt=0)] = 30.0
    longest_days: Annotated[float, Meta(gt=0)] = 180.0
    attempts: Count = 5
    window: Seconds = 300.0


class Log(Struct, frozen=True, forbid_unknown_fields=True):
    """What is written to the terminal."""

    level: Annotated[str, Meta(pattern="^(debug|info|warning|error)$")] = "info"


class Testing(Struct, frozen=True, forbid_unknown_fields=True):
    """For trying things out; leave it off in a home."""

    movable_clock: bool = False


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything in hub.toml."""

    server: Server = field(default_factory=Server)
    storage: Storage = field(default_factory=Storage)
    mdns: Mdns = field(default_factory=Mdns)
    integrations: Integrations = field(default_factory=Integrations)
    notify: Notify = field(default_factory=Notify)
    sign_in: SignIn = field(default_factory=SignIn)
    log: Log = field(default_factory=Log)
    testing: Testing = field(default_factory=Testing)

    @property
    def data(self) -> Path:
        """The data folder."""
        return Path(self.storage.data).expanduser()

    @property
    def community(self) -> Path:
        """Where community integrations are."""
        return Path(self.integrations.folder or self.data / "integrations").expanduser()


SECTIONS: dict[str, type[Struct]] = {
    name: hint for name, hint in get_type_hints(Config).items() if issubclass(hint, Struct)
}
_SHORT = {"HUB_DATA": ("storage", "data"), "HUB_PORT": ("server", "port")}
# Not keys of hub.toml: where the file itself is.
_OURS = {"HUB_CONFIG", "HUB_TOKEN", "HUB_URL"}


def load(path: Path | None, environ: Mapping[str, str]) -> Config:
    """Read hub.toml (a missing file means defaults) and the environment's overrides.

    Raises Invalid with file, line and remedy.
    """
    text = _read(path) if path is not None and path.exists() else ""
    values = _parsed(text, path)
    origins = _override(values, environ)
    place = _Place(path, text, origins)
    _refuse_unknown_sections(values, place)
    for name, kind in SECTIONS.items():
        _check_section(name, kind, values.get(name, {}), place)
    return msgspec.convert(values, Config)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise Invalid(
            f"The settings can't be read: {error.strerror}.",
            where=str(path),
            remedy="Give this user the right to read the file.",
        ) from error
    except UnicodeDecodeError as error:
        raise Invalid(
            "The settings are not text in UTF-8.",
            where=f"{path}, line {error.object[: error.start].count(10) + 1}",
            remedy="Save the file as UTF-8.",
        ) from error


def _parsed(text: str, path: Path | None) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what, _, place = str(error).partition(" (at ")
        line = re.match(r"line (\d+)", place)
        number = int(line[1]) if line else len(text.splitlines())
        raise Invalid(
            f"This is not valid TOML: {what[:1].lower()}{what[1:]}.",
            where=f"{path}, line {number}",
            remedy="Compare the line with the examples in hub.toml.",
        ) from error


class _Place:
    """Finds the line, or the environment variable, that a key was set in."""

    def __init__(self, path: Path | None, text: str, origins: Mapping[tuple[str, str], str]):
        self._path, self._text, self._origins = path, text, origins

    def of(self, section: str, key: str = "") -> str:
        if origin := self._origins.get((section, key)):
            return f"environment variable {origin}"
        return f"{self._path}, line {_line_of(self._text, section, key)}"


def _refuse_unknown_sections(values: dict[str, Any], place: _Place) -> None:
    for name in values:
        if name not in SECTIONS:
            raise Invalid(
                f"There is no section “{name}”.",
                where=place.of(name),
                remedy=_did_you_mean(name, SECTIONS),
            )


def _check_section(name: str, kind: type[Struct], values: Any, place: _Place) -> None:
    if not isinstance(values, dict):
        raise Invalid(
            f"“{name}” must be a section.",
            where=place.of(name),
            remedy=f"Write [{name}] on a line of its own and its keys below.",
        )
    known = get_type_hints(kind)
    for key, value in values.items():
        if key not in known:
            raise Invalid(
                f"[{name}] has no key “{key}”.",
                where=place.of(name, key),
                remedy=_did_you_mean(key, known),
            )
        _check(name, key, value, kind, place)


def _check(section: str, key: str, value: Any, kind: type[Struct], place: _Place) -> None:
    hint = get_type_hints(kind, include_extras=True)[key]
    try:
        msgspec.convert(value, hint)
    except msgspec.ValidationError as error:
        raise Invalid(
            f"{section}.{key} can't be {value!r}: {trouble(error)}.",
            where=place.of(section, key),
            remedy=f"The default is {msgspec.json.encode(getattr(kind(), key)).decode()}.",
        ) from error


def _override(values: dict[str, Any], environ: Mapping[str, str]) -> dict[tuple[str, str], str]:
    origins = {}
    for variable, text in environ.items():
        if not variable.startswith("HUB_") or variable in _OURS:
            continue
        section, key = _SHORT.get(variable) or _split(variable)
        kind = SECTIONS[section]
        hint = get_type_hints(kind).get(key, str)
        section_values = values.setdefault(section, {})
        if isinstance(section_values, dict):
            section_values[key] = _parse(text, hint)
            origins[section, key] = variable
    return origins


def _split(variable: str) -> tuple[str, str]:
    rest = variable.removeprefix("HUB_").lower()
    for section, kind in SECTIONS.items():
        key = rest.removeprefix(section + "_")
        if key != rest and key in get_type_hints(kind):
            return section, key
    known = {
        f"HUB_{s}_{k}".upper(): 0 for s, kind in SECTIONS.items() for k in get_type_hints(kind)
    }
    raise Invalid(
        f"The environment variable {variable} sets nothing that Hearth knows.",
        where="environment",
        remedy=_did_you_mean(variable, known | dict.fromkeys(_SHORT, 0)),
    )


def _parse(text: str, hint: Any) -> Any:
    base = get_args(hint)[0] if isinstance(hint, types.UnionType) else hint
    if getattr(base, "__origin__", None) is list:
        return [part.strip() for part in text.split(",") if part.strip()]
    if base is str:
        return text
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text


def _line_of(text: str, section: str, key: str) -> int:
    wanted = re.escape(key or section)
    inside = False
    first = 1
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[\s*([^\]]+?)\s*\]", line):
            inside = header[1] == section
            first = number if inside else first
        elif (inside or not key) and re.match(rf"\s*[\"']?{wanted}[\"']?\s*=", line):
            return number
    return first


def _did_you_mean(word: str, known: Mapping[str, Any]) -> str:
    close = difflib.get_close_matches(word, known, 1)
    if close:
        return f"Did you mean “{close[0]}”?"
    return f"Known here: {', '.join(sorted(known))}."
