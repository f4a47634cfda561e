"""The one door to Jinja2 for pages: whole pages, single blocks of them, and fragments for the stream.

A template is a page; a fragment is a `{% block %}` of it, so that both are always the same.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Any

from jinja2 import (
    BytecodeCache,
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
)
from jinja2 import __version__ as jinja_version
from jinja2.bccache import Bucket
from jinja2_fragments import render_block
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from hub.clock import Clock
from web import htmx, words
from web.assets import Assets

FOLDER = Path(__file__).parent / "templates"
Shell = Callable[[Request], Mapping[str, Any]]

_MACROS = {"ui": "ui", "inputs": "form", "tiles": "tile", "runs_": "run", "selectors": "selector"}
# Refusals other than 422 (a form with its errors) are said in a toast and never swapped in.
_HTMX = {
    "extensions": "sse",
    "includeIndicatorCSS": False,
    "defaultSettleDelay": 0,
    "morphIgnore": ["data-htmx-powered", "style"],
    "history": "reload",
    "noSwap": [204, 304, 400, 401, 403, 404, 405, 409, 413, 421, 429, "5xx"],
}


class _Compiled(FileSystemBytecodeCache):
    """Compiled templates that outlive the process: compiling those of every page anew costs a
    start 0.1 s, and the first visit of a page 20 to 50 ms. On a full disk there are none."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep one, if that can be done."""
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)


class Pages:
    """Renders templates. `shell` says, for a request, what every page shows around its content;
    templates are looked for in `folders`, ours last. What they are compiled to is kept in `kept`."""

    def __init__(
        self,
        shell: Shell,
        assets: Assets,
        clock: Clock,
        zone: Callable[[], tzinfo],
        folders: Sequence[Path] = (),
        kept: Path | None = None,
    ):
        self._shell = shell
        self._folders = [*folders, FOLDER]
        self._assets = assets
        self._clock = clock
        self._zone = zone
        self._env = self._environment(_compiled(kept))

    def page(
        self, request: Request, template: str, *, status: int = 200, **values: Any
    ) -> HTMLResponse:
        """A whole page."""
        html = self._env.get_template(template).render({**self._shell(request), **values})
        return _html(html, status)

    def part(
        self, request: Request, template: str, block: str, *, status: int = 200, **values: Any
    ) -> HTMLResponse:
        """One block of a page, for htmx to swap in."""
        html = render_block(self._env, template, block, {**self._shell(request), **values})
        return _html(html, status)

    def answer(
        self, request: Request, template: str, block: str, *, status: int = 200, **values: Any
    ) -> HTMLResponse:
        """The block when htmx asks for a fragment, else the whole page that contains it."""
        if htmx.wants_part(request):
            return self.part(request, template, block, status=status, **values)
        return self.page(request, template, status=status, **values)

    def fragment(self, template: str, block: str | None = None, **values: Any) -> str:
        """HTML without a request, for the live stream: a block, or a whole partial template."""
        if block is not None:
            return render_block(self._env, template, block, **values)
        return self._env.get_template(template).render(**values)

    def _environment(self, compiled: BytecodeCache | None) -> Environment:
        env = Environment(
            loader=FileSystemLoader(self._folders),
            bytecode_cache=compiled,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        env.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
            words.gettext, words.ngettext, newstyle=True
        )
        env.globals.update(
            htmx_config=json.dumps(_HTMX),
            static=self._assets.address,
            icon=self._icon,
            now=self._clock.time,
            when=self._when,
            ago=self._ago,
            took=words.duration_words,
            initials=words.initials,
            face_tone=words.face_tone,
        )
        env.filters["pairs"] = _pairs
        # Modules, not imports: a block that is rendered alone doesn't run its page's imports.
        for name, file in _MACROS.items():
            env.globals[name] = env.get_template(f"macros/{file}.html").module
        return env

    def _icon(self, name: str, classes: str = "") -> Markup:
        classes = f"i {classes}".strip()
        return Markup('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>').format(
            classes, self._assets.icon(name)
        )

    def _when(self, moment: float) -> Markup:
        zone = self._zone()
        text = words.clock_words(moment, self._clock.time(), zone)
        return words.time_tag(text, moment, zone)

    def _ago(self, moment: float) -> Markup:
        text = words.ago_words(moment, self._clock.time())
        return words.time_tag(text, moment, self._zone())


def _pairs(things: Iterable[object], *names: str) -> list[tuple[object, ...]]:
    """The named attributes of each thing, as the macros for choices take them."""
    return [tuple(getattr(thing, name) for name in names) for thing in things]


def _html(html: str, status: int) -> HTMLResponse:
    return HTMLResponse(
        html, status_code=status, headers={"Vary": htmx.VARY, "Cache-Control": "no-store"}
    )


def _compiled(folder: Path | None) -> BytecodeCache | None:
    if folder is None or not folder.parent.is_dir():
        return None
    kept = folder / f"jinja2-{jinja_version}"
    try:
        kept.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None  # then each start compiles them
    return _Compiled(str(kept))
