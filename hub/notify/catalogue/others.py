"""Mail, SMS, devices, webhooks, and any other address."""

from __future__ import annotations

from hub.notify.catalogue.questions import EMAIL, WIKI, login, phone, secret, server
from hub.notify.forms import FormField, Option, ServiceForm

OTHERS = (
    ServiceForm(
        "email",
        "E-mail",
        "mail",
        "Through your provider's outgoing mail (SMTP); an app password is best.",
        (
            FormField("to", "To", help="Who gets the mail.", placeholder="mara@example.org",
                      pattern=EMAIL, part="targets"),
            FormField("sender", "From", help="The hub's address.", placeholder="hub@example.org",
                      pattern=EMAIL, part="from"),
            FormField("host", "SMTP server", placeholder="smtp.example.org",
                      pattern=r"[A-Za-z0-9.-]+"),
            FormField("port", "Port", "number", "Empty: 465 for TLS, 587 for STARTTLS, 25 for none.",
                      required=False),
            FormField(
                "security", "Encryption", "select", default="starttls", part="mode",
                options=(
                    Option("starttls", "STARTTLS"), Option("ssl", "TLS"), Option("insecure", "None"),
                ),
            ),
            *login("Empty for a server in the house that asks for none."),
        ),
        "mailtos://[{user}:{password}@]{host}[:{port}]"
        "?smtp={host}&from={sender}&to={to}&mode={security}",
        WIKI + "email/",
    ),
    ServiceForm(
        "twilio",
        "SMS (Twilio)",
        "message-circle",
        "At console.twilio.com; sending costs money.",
        (
            FormField("sid", "Account SID", "password", placeholder="AC…",
                      pattern=r"AC[A-Fa-f0-9]+", part="account_sid"),
            secret("token", "Auth token", part="auth_token", pattern=r"[A-Za-z0-9]+"),
            phone("from", "Your Twilio number", part="from_phone"),
            phone("to", "Number that gets the message", part="targets"),
        ),
        "twilio://{sid}:{token}@{from}/{to}",
        WIKI + "twilio/",
    ),
    ServiceForm(
        "home_assistant",
        "Home Assistant",
        "house-wifi",
        "In Home Assistant: your profile, Security, Long-lived access tokens, Create.",
        (
            server("Address of Home Assistant", "http://homeassistant.local:8123"),
            secret("token", "Long-lived access token", part="accesstoken"),
            FormField(
                "notifier", "Notify service", required=False,
                help="Such as mobile_app_phone; empty: a notification in its sidebar.",
                pattern=r"[A-Za-z0-9_]+", part="targets",
            ),
        ),
        "hassio{s}://{host}[:{port}][/{notifier}]/?accesstoken={token}",
        WIKI + "homeassistant/",
    ),
    ServiceForm(
        "kodi",
        "Kodi",
        "tv",
        "In Kodi: Settings, Services, Control, allow remote control via HTTP.",
        (server("Address of Kodi", "http://192.168.1.30:8080"), *login()),
        "kodi{s}://[{user}:{password}@]{host}[:{port}]",
        WIKI + "kodi/",
    ),
    ServiceForm(
        "json",
        "Webhook (JSON)",
        "webhook",
        "The message is posted as JSON with title, message and type.",
        (server("Web address", "http://192.168.1.40:8080/hook"), *login()),
        "json{s}://[{user}:{password}@]{host}[:{port}][/{path}]?[{query}]",
        WIKI + "json/",
    ),
    ServiceForm(
        "xml",
        "Webhook (XML)",
        "webhook",
        "The message is posted as XML (SOAP) with Subject, Message and MessageType.",
        (server("Web address", "http://192.168.1.40:8080/hook"), *login()),
        "xml{s}://[{user}:{password}@]{host}[:{port}][/{path}]?[{query}]",
        WIKI + "xml/",
    ),
    ServiceForm(
        "url",
        "Another service",
        "link",
        "Any of Apprise's 170 services, by its address.",
        (
            FormField(
                "url", "Apprise address", "password",
                "It is kept encrypted and never shown again.", placeholder="service://…", part="*",
            ),
        ),
        "{=url}",
        "https://appriseit.com/services/",
    ),
)  # fmt: skip
