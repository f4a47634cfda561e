"""What holds for every template and every script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from web.assets import FOLDER as STATIC
from web.assets import Assets
from web.render import FOLDER

TEMPLATES = sorted(FOLDER.rglob("*.html"))
SCRIPTS = sorted(STATIC.glob("*.js"))

# An attribute inside a tag, or one that a macro's attrs={…} would add.
INLINE_STYLE = re.compile(r"""(?<![\w-])style\s*=\s*["'{]|["']style["']\s*:""")
INLINE_HANDLER = re.compile(r"""\son[a-z]+=["']|["']on[a-z]+["']\s*:|hx-on""")
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)")
NEEDS_EVAL = re.compile(r"""=["']js:|hx-trigger=["'][^"']*\[|javascript:""")
OTHER_HOST = re.compile(r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//""")
ICON = re.compile(r"""(?<![\w.])(?:icon|ui\.chip)\('([a-z0-9-]+)'""")


@pytest.fixture(params=TEMPLATES, ids=lambda path: path.relative_to(FOLDER).as_posix())
def template(request: pytest.FixtureRequest) -> str:
    path: Path = request.param
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "forbidden",
    [INLINE_STYLE, INLINE_HANDLER, INLINE_SCRIPT, NEEDS_EVAL, OTHER_HOST],
    ids=["inline style", "inline handler", "inline script", "eval", "another host"],
)
def test_a_template_keeps_the_policy(template: str, forbidden: re.Pattern[str]) -> None:
    assert forbidden.findall(_without_comments(template)) == []


def test_every_icon_that_a_template_names_is_in_the_sprite(template: str) -> None:
    assert set(ICON.findall(template)) - Assets().icons == set()


def test_a_template_is_written_for_htmx_4(template: str) -> None:
    old = re.findall(
        r"sse-connect=|sse-swap|hx-ext|hx-disabled-elt|hx-params|hx-vars|hx-inherit",
        _without_comments(template).replace("hx-sse:connect=", ""),
    )
    assert old == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_needs_no_eval_and_no_other_host(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert re.findall(r"\beval\(|new Function|innerHTML|document\.write|https?://", text) == []


def test_the_stylesheet_loads_nothing_from_elsewhere() -> None:
    css = (STATIC / "hub.css").read_text(encoding="utf-8")
    assert re.findall(r"@import|url\((?!\"chevron\.svg\"\))", css) == []


@pytest.mark.parametrize(
    "markup, forbidden",
    [
        ('<i style="x">', INLINE_STYLE),
        ("attrs={'style': 'x'}", INLINE_STYLE),
        ('<a onclick="x">', INLINE_HANDLER),
        ("attrs={'onclick': 'x'}", INLINE_HANDLER),
        ("<script>x</script>", INLINE_SCRIPT),
        ("hx-vals='js:{x}'", NEEDS_EVAL),
        ('hx-trigger="keydown[ctrlKey]"', NEEDS_EVAL),
        ('<img src="https://x">', OTHER_HOST),
    ],
)
def test_the_patterns_find_what_they_look_for(markup: str, forbidden: re.Pattern[str]) -> None:
    assert forbidden.search(markup)


def _without_comments(text: str) -> str:
    return re.sub(r"\{#.*?#\}|\{% set .*?%\}", "", text, flags=re.DOTALL)
