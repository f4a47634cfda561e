"""What the YAML parser complains about, in words that a person understands."""

from __future__ import annotations

import re

# What the parser says (libyaml's and PyYAML's words), what a person reads, what to do.
_TROUBLES: tuple[tuple[str, str, str], ...] = (
    (
        r"'\\t'|found a tab|tab character",
        "There is a tab where only spaces may stand.",
        "Replace the tab by two spaces.",
    ),
    (
        "mapping values are not allowed",
        "There is a second colon in this line, or the line is indented too far.",
        "Put the text after the first colon in quotes, or move the line to the left.",
    ),
    (
        "could not find expected ':'",
        "A colon is missing after a key.",
        "Write it as key: value, with a space after the colon.",
    ),
    (
        "unknown escape character",
        "After a backslash in double quotes stands a character that means nothing there.",
        "Use single quotes, or write the backslash twice.",
    ),
    (
        "quoted scalar",
        "A quotation mark is opened and not closed.",
        "Add the closing quotation mark.",
    ),
    (
        "did not find expected ',' or|expected ',' or",
        "A bracket is opened and not closed, or a comma is missing.",
        "Close every [ with ] and every { with }; put templates in quotes.",
    ),
    (
        "did not find expected '-' indicator|expected <block end>, but found '-'",
        "The items of this list don't start in the same column.",
        "Indent every - of the list by the same number of spaces.",
    ),
    (
        "did not find expected key|expected <block end>|block mapping",
        "This line's indentation doesn't fit the lines above.",
        "Lines that belong together start in the same column.",
    ),
    (
        "undefined alias",
        "This alias (*name) names an anchor (&name) that is not above it.",
        "Write the value out, or add the anchor.",
    ),
    (
        "undefined tag handle|could not determine a constructor",
        "This tag is not known.",
        "Remove the word that starts with !.",
    ),
    (
        "cannot start any token",
        "A value can't start with this character.",
        "Put the value in quotes.",
    ),
    (
        "control characters are not allowed|special characters are not allowed",
        "There is a character here that can't be shown.",
        "Delete it; it often comes from copying.",
    ),
    (
        "found duplicate|duplicate anchor",
        "An anchor stands twice.",
        "Give each &name another name.",
    ),
)


def in_words(problem: str) -> tuple[str, str]:
    """The sentence and the remedy for what the parser said."""
    for pattern, sentence, remedy in _TROUBLES:
        if re.search(pattern, problem):
            return sentence, remedy
    return f"This is not valid YAML: {problem}.", "Compare the line with the ones around it."
