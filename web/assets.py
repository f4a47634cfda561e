"""Static files: one address that changes with the content, so that they can be cached for ever."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parent / "static"
_FOR_EVER = "public, max-age=31536000, immutable"


class Assets:
    """Addresses of static files and the names of the icons in the sprite."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._hashes = {
            file.relative_to(folder).as_posix(): _digest(file)
            for file in folder.rglob("*")
            if file.is_file()
        }
        sprite = (folder / "icons.svg").read_text(encoding="utf-8")
        self.icons = frozenset(re.findall(r'<symbol id="i-([^"]+)"', sprite))

    def address(self, name: str) -> str:
        """`hub.css` -> `/static/hub.css?v=...`. Raises KeyError for a file that is not there."""
        return f"/static/{name}?v={self._hashes[name]}"

    def icon(self, name: str) -> str:
        """Address of an icon in the sprite; a dashed circle stands for one that is not there."""
        known = name if name in self.icons else "circle-dashed"
        return f"{self.address('icons.svg')}#i-{known}"


class _CachedFiles(StaticFiles):
    """Files asked for by their hash never change; others are checked at each use."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        hashed = b"v=" in scope.get("query_string", b"")
        response.headers["Cache-Control"] = _FOR_EVER if hashed else "no-cache"
        return response


def mount(folder: Path = FOLDER) -> Mount:
    """The route that serves them, compressed where that helps."""
    return Mount("/static", GZipMiddleware(_CachedFiles(directory=folder)), name="static")


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]
