"""Why an attempt failed, as a sentence without secrets, and whether to try again. Pure."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, unquote_plus, urlsplit

import msgspec

from hub.notify.outcome import Outcome

_HIDDEN = "***"
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is known about a failed attempt. `said`: the plugin's log, as (level, text)."""

    service: str
    host: str = ""
    status: int = 0
    body: str = ""
    error: Exception | None = None
    retry_after: float = 0.0
    said: list[tuple[int, str]] = field(default_factory=list)
    crash: str = ""


@dataclass(frozen=True, slots=True)
class Hidden:
    """The parts of a URL that no sentence may contain."""

    words: tuple[str, ...]

    @classmethod
    def of(cls, url: str) -> Hidden:
        """User, password, every part of path and query; not the host, which helps to find out."""
        # Some schemas carry the secret where the host stands; a real host has a dot or is short.
        rest = url.partition("://")[2]
        parts = re.split(r"[/?&=:@,;\s]+", rest)
        host = _real_host(url)
        found = {form for part in parts if part and part != host for form in _forms(part)}
        found |= {url, rest}
        return cls(tuple(sorted((word for word in found if len(word) >= 3), key=len, reverse=True)))

    def clean(self, text: str) -> str:
        """`text` with each of them, and every URL's path, replaced."""
        text = re.sub(r"(?i)\b([a-z][a-z0-9+.-]*://)\S+", rf"\1{_HIDDEN}", text)
        text = re.sub(r"(?i)(with url: )\S+", rf"\1{_HIDDEN}", text)
        for word in self.words:
            # A short part may be an everyday word: hide it only where it stands alone.
            pattern = re.escape(word) if len(word) >= 8 else rf"(?<!\w){re.escape(word)}(?!\w)"
            text = re.sub(pattern, _HIDDEN, text, flags=re.IGNORECASE)
        return text


def explain(tried: Attempt, hidden: Hidden) -> Outcome:
    """The outcome of a failed attempt."""
    if tried.crash:
        return Outcome(False, f"{tried.service} failed inside its plugin ({tried.crash}).")
    if tried.status >= 400:
        return _by_status(tried, hidden)
    if tried.error is not None:
        return Outcome(False, _of_error(tried, str(tried.error), type(tried.error).__name__))
    return _by_log(tried, hidden)


_WORDS = {
    400: "did not accept the request",
    401: "refused the sign-in: the token, user or password is wrong",
    402: "wants to be paid",
    403: "refused: this sender has no right to write there",
    404: "does not know this address, topic or recipient",
    405: "does not take messages at this address",
    408: "took too long",
    410: "says that this address is gone",
    413: "says that the message is too long",
    422: "did not accept the message",
    429: "says that too many messages were sent",
}
_PASSING = {408, 409, 421, 423, 425, 429}


def _by_status(tried: Attempt, hidden: Hidden) -> Outcome:
    status = tried.status
    words = _WORDS.get(status) or ("is in trouble" if status >= 500 else "refused the message")
    told = _message_of(tried.body)
    more = f": {hidden.clean(told)}" if told else ""
    reason = f"{tried.service} at {tried.host} {words} (HTTP {status}){more}"
    final = status < 500 and status not in _PASSING
    after = tried.retry_after or (_asked_in_body(tried.body) if status in (429, 503) else 0.0)
    return Outcome(False, _sentence(reason), final=final, after=after)


def _of_error(tried: Attempt, text: str, kind: str = "") -> str:
    where = tried.host or tried.service
    low = f"{text} {kind}".lower()
    for signs, sentence in _CAUSES:
        if any(sign in low for sign in signs):
            return sentence.format(where=where)
    return f"The connection to {where} failed."


_CAUSES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("refused",), "{where} refused the connection. Is the service running there?"),
    (
        ("name or service not known", "nameresolution", "failed to resolve", "getaddrinfo",
         "temporary failure in name", "nodename nor servname"),
        "The name {where} can't be found on the network.",
    ),
    (("certificate", "sslerror", "ssl:"), "The certificate of {where} can't be verified."),
    (("timed out", "timeout"), "{where} did not answer in time."),
    (("no route to host", "network is unreachable", "unreachable"), "{where} can't be reached."),
    (
        ("reset by peer", "remote end closed", "connection aborted", "broken pipe"),
        "{where} broke off the connection.",
    ),
)  # fmt: skip
_PACKAGE = re.compile(
    r"\b(?:requires?|missing|install)\b.*\b(?:package|library|module)\b", re.IGNORECASE
)
_SMTP = re.compile(r"\(?\b([245]\d\d)\b[,\s]+b?['\"]?([^'\")]+)")


def _by_log(tried: Attempt, hidden: Hidden) -> Outcome:
    loud = [text for level, text in tried.said if level >= logging.WARNING]
    causes = [
        text.partition(":")[2].strip()
        for level, text in tried.said
        if level < logging.WARNING and "exception" in text.partition(":")[0].lower()
    ]
    cause = causes[-1] if causes else ""
    if reply := _SMTP.search(cause):
        code, words = int(reply[1]), hidden.clean(reply[2].strip())
        reason = f"{tried.service} at {tried.host} answered {code}: {words}"
        # RFC 5321, 4.2.1: 5yz is a permanent refusal, 4yz a passing one.
        return Outcome(False, _sentence(reason), final=code >= 500)
    if cause and any(sign in cause.lower() for signs, _ in _CAUSES for sign in signs):
        return Outcome(False, _of_error(tried, cause))
    if loud or cause:
        text = hidden.clean(loud[-1] if loud else cause)
        return Outcome(False, _sentence(text), final=bool(_PACKAGE.search(text)))
    return Outcome(False, f"{tried.service} did not take the message and gave no reason.")


_KEYS = ("description", "message", "error_description", "errorDescription", "detail", "error",
         "errors", "reason", "title", "info")  # fmt: skip


def _message_of(body: str) -> str:
    """What a JSON answer says went wrong; nothing for HTML pages and other bodies."""
    try:
        answer = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return ""
    for key in _KEYS:
        found = answer.get(key) if isinstance(answer, dict) else None
        if isinstance(found, list) and found:
            found = found[0]
        if isinstance(found, dict):
            found = next((found[k] for k in _KEYS if isinstance(found.get(k), str)), None)
        if isinstance(found, str) and found.strip():
            return found.strip()
    return ""


def _asked_in_body(body: str) -> float:
    """Telegram (`parameters.retry_after`), Discord (`retry_after`), Matrix (`retry_after_ms`)."""
    try:
        answer = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return 0.0
    if not isinstance(answer, dict):
        return 0.0
    parameters = answer.get("parameters")
    places = (answer, parameters if isinstance(parameters, dict) else {})
    for place in places:
        for key, unit in (("retry_after", 1.0), ("retry_after_ms", 0.001)):
            if isinstance(asked := place.get(key), int | float):
                return max(float(asked) * unit, 0.0)
    return 0.0


def _real_host(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    looks_real = "." in host or host == "localhost" or ":" in host
    return host if looks_real else ""


def _forms(part: str) -> Iterable[str]:
    plain = unquote(part)
    return {part, plain, unquote_plus(part), quote(plain, safe=""), quote(plain)}


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return text if text.endswith((".", "!", "?", "…")) else text + "."
