"""The one door to YAML: a skill's or blueprint's text becomes plain data with line numbers.

Everything that a person can paste ends here: size, depth and number of values are limited,
`!secret` and `!include` of other files are refused, a key that stands twice is refused, and every
mistake is told with its line and what to do. The data is made from libyaml's events by a
constructor of our own, so that no tag can create an object.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from hub.errors import Invalid
from skills import scalars, yaml_troubles

LONGEST = 1_000_000  # bytes of a document
MOST_NODES = 100_000  # values, those behind aliases counted each time
DEEPEST = 100  # lists and mappings within one another

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CORE = "tag:yaml.org,2002:"
_MERGE = object()
# Blueprints of 2020 say !placeholder.
_INPUT_TAGS = ("!input", "!placeholder")


@dataclass(frozen=True, slots=True)
class Input:
    """An `!input name` that is not filled in yet."""

    name: str


@dataclass(frozen=True, slots=True)
class Source:
    """A document that was read: its data, and the line of each path (1 is the first line)."""

    data: Any
    lines: dict[str, int] = field(default_factory=dict)
    file: str = ""

    def line(self, path: str) -> int | None:
        """The line of `path` ("triggers/0/entity_id"), else of its nearest known parent."""
        while path not in self.lines:
            if not path:
                return None
            path = path.rpartition("/")[0]
        return self.lines[path]

    def where(self, path: str) -> str:
        """`motion.yaml, line 12, at triggers/0/entity_id`: for the `where` of an error."""
        line = self.line(path)
        parts = (self.file, f"line {line}" if line else "", f"at {path}" if path else "")
        return ", ".join(part for part in parts if part)


def read(path: Path, file: str = "") -> Source:
    """Read a file; `file` is what errors call it. Raises Invalid, also when it can't be read."""
    name = file or str(path)
    try:
        if path.stat().st_size > LONGEST:
            raise _too_long(name)
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(
            "This file is not UTF-8 text.", where=name, remedy="Save it with the encoding UTF-8."
        ) from error
    except OSError as error:
        raise Invalid(f"The file can't be read: {error.strerror}.", where=name) from error
    return load(text, name)


def load(text: str, file: str = "") -> Source:
    """Read YAML text. Raises Invalid with `where` "file, line N" and a remedy."""
    if len(text) > LONGEST or len(text.encode("utf-8", "surrogatepass")) > LONGEST:
        raise _too_long(file)
    builder = _Builder(file)
    try:
        return builder.document(yaml.parse(text.removeprefix("\ufeff"), Loader=_Loader))
    except yaml.YAMLError as error:
        raise _syntax_error(error, text, file) from error
    except UnicodeEncodeError as error:
        raise Invalid(
            "The text has half of a character (a lone surrogate).",
            where=_place(file, text[: error.start].count("\n") + 1),
            remedy="Copy the text again from where it comes from.",
        ) from error


class _Builder:
    """Makes data from the parser's events."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._lines: dict[str, int] = {}
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._count = 0

    def document(self, events: Iterator[Any]) -> Source:
        """The first and only document of the stream."""
        data: Any = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._invalid(
                        event, "There are two documents in one.", "Remove the line with ---."
                    )
            elif isinstance(event, yaml.NodeEvent):
                self._lines[""] = _line(event)
                data = self._node(event, events, "", 0)
        return Source(data, self._lines, self._file)

    def _node(self, event: Any, events: Iterator[Any], path: str, depth: int) -> Any:
        self._counted(event, 1)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if event.anchor and event.anchor in self._anchors:
            # A second use of a name is allowed by YAML; the latest counts.
            del self._anchors[event.anchor]
        before = self._count
        if isinstance(event, yaml.ScalarEvent):
            value = self._scalar(event)
        elif depth >= DEEPEST:
            raise self._invalid(
                event,
                f"The lists and mappings are nested deeper than {DEEPEST}.",
                "Split the skill into several.",
            )
        elif isinstance(event, yaml.SequenceStartEvent):
            self._check_tag(event, "seq")
            value = self._sequence(events, path, depth)
        else:
            self._check_tag(event, "map")
            value = self._mapping(events, path, depth)
        if event.anchor:
            self._anchors[event.anchor] = (value, self._count - before + 1)
        return value

    def _sequence(self, events: Iterator[Any], path: str, depth: int) -> list[Any]:
        found: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            inner = f"{path}/{len(found)}" if path else str(len(found))
            self._lines[inner] = _line(event)
            found.append(self._node(event, events, inner, depth + 1))
        return found

    def _mapping(self, events: Iterator[Any], path: str, depth: int) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        merged: list[dict[Any, Any]] = []
        key_lines: dict[Any, int] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(event)
            line = _line(event)
            value_event = next(events)
            if key is _MERGE:
                merged += self._merged(
                    self._node(value_event, events, path, depth + 1), value_event
                )
                continue
            if key in found:
                raise self._invalid(
                    event,
                    f"The key “{_shown(key)}” stands twice: in lines {key_lines[key]} and {line}.",
                    "Keep one of them.",
                )
            inner = f"{path}/{_shown(key)}" if path else _shown(key)
            key_lines[key] = self._lines[inner] = line
            found[key] = self._node(value_event, events, inner, depth + 1)
        for more in merged:
            found = {**more, **found}
        return found

    def _key(self, event: Any) -> Any:
        self._counted(event, 1)
        if not isinstance(event, yaml.ScalarEvent | yaml.AliasEvent):
            raise self._invalid(
                event,
                "A list or mapping can't be a key.",
                'A template must stand in quotes: "{{ … }}".',
            )
        if isinstance(event, yaml.ScalarEvent) and event.implicit[0] and event.value == "<<":
            return _MERGE
        key = self._alias(event) if isinstance(event, yaml.AliasEvent) else self._scalar(event)
        if key is None or isinstance(key, Input | list | dict):
            raise self._invalid(
                event, "A key is missing before the colon.", "Write the key's name."
            )
        return key

    def _merged(self, value: Any, event: Any) -> list[dict[Any, Any]]:
        maps = value if isinstance(value, list) else [value]
        if not all(isinstance(found, dict) for found in maps):
            raise self._invalid(
                event,
                "After << stands something that is no mapping.",
                "Name the anchor of a mapping there, such as *defaults.",
            )
        return maps

    def _alias(self, event: Any) -> Any:
        if event.anchor not in self._anchors:
            raise self._invalid(
                event,
                f"*{event.anchor} stands within itself, or &{event.anchor} is not above it.",
                "Write the value out.",
            )
        value, size = self._anchors[event.anchor]
        self._counted(event, size)
        return deepcopy(value)

    def _scalar(self, event: Any) -> Any:
        text: str = event.value
        if event.tag is None or event.tag == "!":
            return scalars.plain(text) if event.implicit[0] else text
        if event.tag in _INPUT_TAGS:
            if not text.strip():
                raise self._invalid(
                    event, "!input needs the name of an input.", "Write it as !input motion_sensor."
                )
            return Input(text.strip())
        value: Any
        match event.tag.removeprefix(_CORE):
            case "str":
                value = text
            case "int":
                value = scalars.integer(text)
            case "float":
                value = scalars.floating(text)
            case "bool":
                value = scalars.boolean(text)
            case "null":
                return None
            case _:
                raise self._bad_tag(event)
        if value is None or (isinstance(value, str) and not event.tag.endswith(":str")):
            kind = event.tag.removeprefix(_CORE)
            raise self._invalid(event, f"“{text}” is no {kind}.", "Remove the tag before it.")
        return value

    def _check_tag(self, event: Any, own: str) -> None:
        if event.tag not in (None, "!", _CORE + own):
            raise self._bad_tag(event)

    def _bad_tag(self, event: Any) -> Invalid:
        tag = event.tag.replace(_CORE, "!!")
        if tag in _INPUT_TAGS:
            return self._invalid(
                event, "!input needs the name of an input.", "Write it as !input motion_sensor."
            )
        if tag == "!secret":
            remedy = "Write the value itself, or make it an input of the blueprint."
        elif tag.startswith(("!include", "!env_var")):
            remedy = "Other files can't be read from here: paste their text in its place."
        else:
            remedy = "Remove it; only !input is known here."
        return self._invalid(event, f"The tag {tag} is not allowed here.", remedy)

    def _counted(self, event: Any, more: int) -> None:
        self._count += more
        if self._count > MOST_NODES:
            raise self._invalid(
                event,
                f"There are more than {MOST_NODES:,} values in this document.",
                "Aliases (*name) count each time they are used. Split the document.",
            )

    def _invalid(self, event: Any, sentence: str, remedy: str) -> Invalid:
        place = _place(self._file, _line(event))
        return Invalid(sentence, where=place, remedy=remedy)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _shown(key: Any) -> str:
    return str(key)


def _place(file: str, line: int) -> str:
    return f"{file}, line {line}" if file else f"line {line}"


def _too_long(file: str) -> Invalid:
    return Invalid(
        f"This document is longer than {LONGEST // 1000:,} kB.",
        where=file,
        remedy="A skill is a few kB: check that this is the right file.",
    )


def _syntax_error(error: yaml.YAMLError, text: str, file: str) -> Invalid:
    said = [getattr(error, name, None) for name in ("context", "problem", "reason")]
    problem = " ".join(str(part) for part in said if part) or str(error)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        line = min(mark.line + 1, text.count("\n") + 1)
    else:
        line = text[: max(getattr(error, "position", 0) or 0, 0)].count("\n") + 1
    indentation = re.match(r"\s*", text.split("\n")[line - 1])
    if "cannot start any token" in problem and indentation and "\t" in indentation[0]:
        problem = "found a tab"
    sentence, remedy = yaml_troubles.in_words(problem)
    return Invalid(sentence, where=_place(file, line), remedy=remedy)


class _Dumper(yaml.SafeDumper):
    """Block style with indented lists, long text as a block, no aliases."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002  # PyYAML's signature
        super().increase_indent(flow, False)

    def choose_scalar_style(self) -> str:
        """As PyYAML, but the name after !input stands without quotes."""
        event: Any = self.event
        simple = event.tag == "!input" and re.fullmatch(r"[A-Za-z_]\w*", event.value)
        return "" if simple else str(super().choose_scalar_style())

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  # PyYAML's signature
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    # Line breaks that YAML knows and people don't see are written as escapes.
    hidden = re.search("[\x85\u2028\u2029\ufeff\r]", text)
    style = '"' if hidden else "|" if "\n" in text else None
    return dumper.represent_scalar(f"{_CORE}str", text, style=style)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(Input, lambda dumper, i: dumper.represent_scalar("!input", i.name))
_Dumper.add_representer(tuple, lambda dumper, items: dumper.represent_list(list(items)))


def dump(data: Any) -> str:
    """YAML text for people; reading it gives the same data again."""
    text: str = yaml.dump(
        data,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=100,
        default_flow_style=False,
    )
    return text
