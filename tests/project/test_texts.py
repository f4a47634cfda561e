"""The repository speaks of itself alone: no machine's folders, no package index of somebody's."""

from __future__ import annotations

import re

FORBIDDEN = {
    # Each machine fetches packages from where it is set up to.
    "a package index": re.compile(
        r"--(?:extra-)?index-url[ =]\S|--find-links[ =]\S|\bregistry=https?:"
    ),
    "a person's folder": re.compile(r"(?<![\w.}])/(?:home|root|Users)/[a-z]\w+/"),
}

# Files that stay as they were published or recorded, byte for byte.
AS_PUBLISHED = re.compile(r"^web/static/vendor/|^tests/.*\.json$")


def test_no_file_names_a_machine_or_an_index(texts: dict[str, str]) -> None:
    found = [
        f"{name} names {what}: {match[0]}"
        for name, text in texts.items()
        for what, pattern in FORBIDDEN.items()
        for match in pattern.finditer(text)
    ]
    assert found == [], "\n".join(found)


def test_every_text_file_ends_with_one_newline(texts: dict[str, str]) -> None:
    ours = {n: t for n, t in texts.items() if t and not AS_PUBLISHED.search(n)}
    other = [n for n, t in ours.items() if not t.endswith("\n") or t.endswith("\n\n")]
    assert other == [], "\n".join(other)
