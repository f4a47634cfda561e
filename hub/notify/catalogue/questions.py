"""Questions that many services ask."""

from __future__ import annotations

from hub.notify.forms import FormField

WIKI = "https://appriseit.com/services/"
PHONE = r"\+?[0-9 ()-]{5,20}"
EMAIL = r"[^@\s]+@[^@\s]+"


def server(label: str, placeholder: str, hint: str = "") -> FormField:
    """A host, or whole web address."""
    return FormField("server", label, help=hint, placeholder=placeholder, part="host")


def secret(key: str, label: str, hint: str = "", *, part: str = "", pattern: str = "") -> FormField:
    """Something that nobody else may know."""
    return FormField(key, label, "password", hint, part=part, pattern=pattern)


def phone(key: str, label: str, hint: str = "", part: str = "") -> FormField:
    """A telephone number."""
    hint = hint or "With the country's code, such as +4366412345678."
    return FormField(key, label, help=hint, placeholder="+4366412345678", pattern=PHONE, part=part)


def login(hint: str = "") -> tuple[FormField, FormField]:
    """User name and password, if the service asks for them."""
    return (
        FormField("user", "User name", help=hint, required=False),
        FormField("password", "Password", "password", required=False),
    )


def webhook(label: str, hint: str, placeholder: str, pattern: str) -> FormField:
    """A whole address that a service hands out; a secret."""
    return FormField(
        "webhook", label, "password", hint, placeholder=placeholder, pattern=pattern, part="*"
    )
