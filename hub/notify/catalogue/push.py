"""Push services: an app on the phone."""

from __future__ import annotations

from hub.notify.catalogue.questions import WIKI, login, secret, server
from hub.notify.forms import FormField, ServiceForm

PUSH = (
    ServiceForm(
        "ntfy",
        "ntfy",
        "bell-ring",
        "Install the ntfy app and subscribe to a topic with a name that nobody guesses.",
        (
            FormField(
                "server", "Server", placeholder="https://ntfy.sh", default="https://ntfy.sh",
                part="host",
            ),
            FormField(
                "topic", "Topic", help="Letters, numbers, “-” and “_”; who knows it can read it.",
                placeholder="our-house-x7k2", pattern=r"[A-Za-z0-9_-]{1,64}",
            ),
            *login("Only for topics that are protected."),
        ),
        "ntfy{s}://[{user}:{password}@]{host}[:{port}]/{topic}?mode=private",
        WIKI + "ntfy/",
    ),
    ServiceForm(
        "pushover",
        "Pushover",
        "smartphone",
        "Install the app, then make an application at pushover.net/apps/build.",
        (
            secret("user_key", "User key", "On your page at pushover.net.", pattern=r"[A-Za-z0-9]+"),
            secret("token", "Application token", pattern=r"[A-Za-z0-9]+"),
            FormField("device", "Device", required=False, help="Empty: all of them.",
                      pattern=r"[A-Za-z0-9_-]{1,25}", part="targets"),
        ),
        "pover://{user_key}@{token}[/{device}]",
        WIKI + "pushover/",
    ),
    ServiceForm(
        "gotify",
        "Gotify",
        "bell-ring",
        "In your Gotify: Apps, Create application; copy its token.",
        (
            server("Address of Gotify", "https://gotify.example.org"),
            secret("token", "Application token", pattern=r"[A-Za-z0-9._-]+"),
        ),
        "gotify{s}://{host}[:{port}][/{path}]/{token}",
        WIKI + "gotify/",
    ),
    ServiceForm(
        "pushbullet",
        "Pushbullet",
        "smartphone",
        "At pushbullet.com: Settings, Account, Create access token.",
        (
            secret("token", "Access token", part="accesstoken", pattern=r"[A-Za-z0-9._-]+"),
            FormField("device", "Device", required=False, help="Empty: all of them.", part="targets"),
        ),
        "pbul://{token}[/{device}]",
        WIKI + "pushbullet/",
    ),
    ServiceForm(
        "bark",
        "Bark",
        "smartphone",
        "Install Bark on the iPhone; it shows the address with the device's key.",
        (
            FormField(
                "server", "Server", placeholder="https://api.day.app",
                default="https://api.day.app", part="host",
            ),
            secret("device", "Device key", part="targets", pattern=r"[A-Za-z0-9]+"),
        ),
        "bark{s}://{host}[:{port}]/{device}",
        WIKI + "bark/",
    ),
)  # fmt: skip
