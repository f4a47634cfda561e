"""Reads a blueprint's document: metadata, inputs, body.

https://www.home-assistant.io/docs/blueprint/schema/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hub.errors import Invalid
from skills.blueprints import fill, selectors
from skills.blueprints.model import Blueprint, BlueprintInput, Section
from skills.source import Source

DOMAINS = ("automation", "script", "template")
# The language is followed up to this version of Home Assistant.
FOLLOWS = (2026, 11)
_META = frozenset((
    "name", "description", "domain", "author", "source_url", "input", "homeassistant", "icon",
    "category",
))  # fmt: skip
_CATEGORIES = {
    "light": "Light",
    "climate": "Climate",
    "lock": "Safety",
    "alarm_control_panel": "Safety",
    "person": "Family",
    "media_player": "Family",
}


def parse(source: Source, path: str) -> Blueprint:
    """The blueprint in a document. Raises Invalid with file, line and path."""
    try:
        return _parse(source, path)
    except Invalid as error:
        place = source.where(error.where)
        raise Invalid(error.sentence, where=place, remedy=error.remedy) from error


def _parse(source: Source, path: str) -> Blueprint:
    data = source.data
    if not isinstance(data, Mapping) or not isinstance(data.get("blueprint"), Mapping):
        raise Invalid(
            "This is no blueprint: the part “blueprint:” is missing.",
            remedy="Begin it with blueprint: and, indented below, name: and domain:.",
        )
    meta = data["blueprint"]
    warnings = [
        (f"blueprint/{key}", f"A blueprint's metadata has no “{key}”.")
        for key in meta
        if key not in _META
    ]
    domain = _text(meta, "domain")
    if domain not in DOMAINS:
        raise Invalid(
            f"The domain “{domain}” is not known.",
            where="blueprint/domain",
            remedy=f"Write {', '.join(DOMAINS)}.",
        )
    sections = _sections(meta.get("input"), warnings)
    body = {key: value for key, value in data.items() if key not in ("blueprint", "tests")}
    _check_inputs(sections, body, warnings)
    inputs = [one for section in sections for one in section.inputs]
    return Blueprint(
        path=path,
        name=_text(meta, "name"),
        description=_text(meta, "description", "").strip(),
        domain=domain,
        author=_text(meta, "author", ""),
        icon=_text(meta, "icon", "layout-template"),
        category=_text(meta, "category", _category(inputs)),
        document_url=_text(meta, "source_url", ""),
        min_version=_min_version(meta.get("homeassistant"), warnings),
        sections=sections,
        body=body,
        tests=_tests(data.get("tests")),
        warnings=tuple(warnings),
        source=source,
    )


def _text(meta: Mapping[Any, Any], key: str, default: str | None = None) -> str:
    value = meta.get(key, default)
    if value is None and default is not None:
        return default
    if value is None:
        raise Invalid(
            f"The blueprint has no {key}.",
            where="blueprint",
            remedy=f"Add {key}: below blueprint:.",
        )
    if isinstance(value, Mapping | list):
        raise Invalid(f"“{key}” must be text.", where=f"blueprint/{key}")
    return str(value)


def _sections(given: Any, warnings: list[tuple[str, str]]) -> tuple[Section, ...]:
    if given is None:
        return ()
    if not isinstance(given, Mapping):
        raise Invalid(
            "“input” must be a mapping of names to inputs.",
            where="blueprint/input",
            remedy="Write each input as name: and its selector below.",
        )
    sections: list[Section] = []
    loose: list[BlueprintInput] = []
    seen: set[str] = set()
    for key, config in given.items():
        where = f"blueprint/input/{key}"
        if isinstance(config, Mapping) and "input" in config:
            sections.append(_section(config, where, seen, warnings))
        else:
            loose.append(_input(str(key), config, where, seen, warnings))
    first = [Section("", inputs=tuple(loose))] if loose else []
    return (*first, *sections)


def _section(
    config: Mapping[Any, Any], where: str, seen: set[str], warnings: list[tuple[str, str]]
) -> Section:
    inner = config["input"] or {}
    if not isinstance(inner, Mapping):
        raise Invalid("A section's “input” must be a mapping.", where=f"{where}/input")
    inputs = [
        _input(str(key), value, f"{where}/input/{key}", seen, warnings)
        for key, value in inner.items()
    ]
    return Section(
        str(config.get("name") or where.rpartition("/")[2]),
        str(config.get("description") or "").strip(),
        str(config.get("icon") or ""),
        bool(config.get("collapsed")),
        tuple(inputs),
    )


def _input(
    key: str, config: Any, where: str, seen: set[str], warnings: list[tuple[str, str]]
) -> BlueprintInput:
    config = {} if config is None else config
    if not isinstance(config, Mapping):
        raise Invalid(f"The input “{key}” must be a mapping with name and selector.", where=where)
    if key in seen:
        raise Invalid(f"There are two inputs “{key}”.", where=where, remedy="Rename one of them.")
    seen.add(key)
    warnings += [
        (f"{where}/{name}", f"An input has no “{name}”.")
        for name in config
        if name not in ("name", "description", "default", "selector")
    ]
    default = config.get("default")
    given = config.get("selector")
    if given is None:
        selector = selectors.for_default(default)
    else:
        selector = selectors.parse(given, f"{where}/selector", warnings)
    return BlueprintInput(
        key,
        str(config.get("name") or key.replace("_", " ").capitalize()),
        str(config.get("description") or "").strip(),
        selector,
        default,
        required="default" not in config,
    )


def _check_inputs(
    sections: tuple[Section, ...], body: Mapping[str, Any], warnings: list[tuple[str, str]]
) -> None:
    defined = {one.key for section in sections for one in section.inputs}
    used = set()
    for name, path in fill.used(body):
        used.add(name)
        if name not in defined:
            raise Invalid(
                f"!input {name} is used but not among the blueprint's inputs.",
                where=path,
                remedy=f"Add {name}: below blueprint: input:, or correct the name.",
            )
    warnings += [
        (f"blueprint/input/{name}", f"The input “{name}” is not used.")
        for name in sorted(defined - used)
    ]


def _min_version(given: Any, warnings: list[tuple[str, str]]) -> str:
    if given is None:
        return ""
    where = "blueprint/homeassistant"
    version = given.get("min_version") if isinstance(given, Mapping) else None
    if version is None:
        raise Invalid("“homeassistant” has only “min_version”.", where=where)
    parts = str(version).split(".")
    if not all(part[:1].isdigit() for part in parts[:2]):
        raise Invalid(f"“{version}” is not a version.", where=f"{where}/min_version")
    numbers = tuple(int("".join(filter(str.isdigit, part)) or 0) for part in parts[:2])
    if numbers > FOLLOWS:
        warnings.append(
            (
                f"{where}/min_version",
                (
                    f"It is written for Home Assistant {version}; the language is followed up to "
                    f"{FOLLOWS[0]}.{FOLLOWS[1]}."
                ),
            )
        )
    return str(version)


def _tests(given: Any) -> tuple[Mapping[str, Any], ...]:
    if given is None:
        return ()
    if not isinstance(given, list) or not all(isinstance(one, Mapping) for one in given):
        raise Invalid("“tests” must be a list of examples.", where="tests")
    return tuple(given)


def _category(inputs: list[BlueprintInput]) -> str:
    for one in inputs:
        for wanted in one.selector.filters:
            domains = wanted.get("domain")
            for domain in domains if isinstance(domains, list) else [domains]:
                if str(domain) in _CATEGORIES:
                    return _CATEGORIES[str(domain)]
        if one.selector.kind in _CATEGORIES:
            return _CATEGORIES[one.selector.kind]
    return "Other"
