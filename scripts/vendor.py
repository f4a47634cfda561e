"""Fetch the files under web/static/vendor from the npm registry again and verify them.

MANIFEST.toml beside them says what they are. A file that differs from its sha256 there is put
right; a package that no longer yields that sha256 is refused. To take a newer version, change
`version` and `source` in the manifest, run this, and copy the sha256 that it prints once the
package's changes were read.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "web" / "static" / "vendor"
_SOURCE = re.compile(r"npm:(?P<package>\S+@[\w.+-]+) (?P<member>\S+?),?(?: .*)?")
_SYMBOL = re.compile(r'<symbol id="i-([a-z0-9-]+)"')


@dataclass(frozen=True)
class Vendored:
    """One `[[file]]` of MANIFEST.toml."""

    path: Path
    package: str
    member: str
    sha256: str

    @property
    def is_sprite(self) -> bool:
        """Whether it is made of many members, one `<symbol>` each."""
        return "*" in self.member


def manifest() -> list[Vendored]:
    """Read MANIFEST.toml. Raises SystemExit with a sentence when an entry can't be understood."""
    entries = tomllib.loads((VENDOR / "MANIFEST.toml").read_text(encoding="utf-8"))["file"]
    return [_vendored(entry) for entry in entries]


def _vendored(entry: dict[str, str]) -> Vendored:
    source = _SOURCE.fullmatch(entry["source"])
    if source is None:
        sys.exit(f"MANIFEST.toml: the source of {entry['name']} is not 'npm:PACKAGE@VERSION FILE'.")
    path = (VENDOR / entry["file"]).resolve()
    return Vendored(path, source["package"], source["member"], entry["sha256"])


def fetch(package: str, folder: Path) -> tarfile.TarFile:
    """Download one package of the npm registry into a folder of its own, and open it."""
    folder = folder / re.sub(r"\W", "_", package)
    folder.mkdir()
    command = ["npm", "pack", "--silent", "--pack-destination", str(folder), package]
    try:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    except FileNotFoundError:
        sys.exit("npm is not installed. Install it with:  sudo apt install npm")
    except subprocess.CalledProcessError:
        sys.exit(f"npm could not fetch {package}; its own words are above.")
    return tarfile.open(next(folder.glob("*.tgz")))


def content(vendored: Vendored, package: tarfile.TarFile) -> bytes:
    """What the package says the file should hold."""
    if not vendored.is_sprite:
        return _member(package, vendored.member)
    lines = vendored.path.read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(_line(line, package, vendored.member) for line in lines).encode()


def _member(package: tarfile.TarFile, name: str) -> bytes:
    try:
        file = package.extractfile(f"package/{name}")
    except KeyError:
        file = None
    if file is None:
        sys.exit(f"The package holds no file {name}: look at its `source` in MANIFEST.toml.")
    return file.read()


def _line(line: str, package: tarfile.TarFile, icons: str) -> str:
    """A line of the sprite, its symbol drawn again from the package's icon of that name."""
    found = _SYMBOL.match(line)
    if found is None:
        return line
    icon = _member(package, icons.replace("*", found[1])).decode()
    body = re.split(r"<svg[^>]*>|</svg>", icon)[1]
    shapes = re.sub(r"\s*\n\s*", "", body).replace(" />", "/>")
    return f'<symbol id="i-{found[1]}" viewBox="0 0 24 24">{shapes}</symbol>\n'


def main() -> None:
    """Fetch, verify, put right; exit 1 if a package yields another file than the manifest says."""
    refused = 0
    with tempfile.TemporaryDirectory() as folder:
        files = manifest()
        packages = {p: fetch(p, Path(folder)) for p in sorted({file.package for file in files})}
        for file in files:
            fresh = content(file, packages[file.package])
            sha256 = hashlib.sha256(fresh).hexdigest()
            if sha256 != file.sha256:
                refused += 1
                print(f"REFUSED   {file.path.name}: {file.package} yields sha256 {sha256}")
            elif file.path.exists() and file.path.read_bytes() == fresh:
                print(f"the same  {file.path.name}  {file.package}")
            else:
                file.path.write_bytes(fresh)
                print(f"written   {file.path.name}  {file.package}")
    if refused:
        sys.exit(1)


if __name__ == "__main__":
    main()
