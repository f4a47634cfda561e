"""Messengers and chats."""

from __future__ import annotations

from hub.notify.catalogue.questions import WIKI, login, phone, secret, server, webhook
from hub.notify.forms import FormField, ServiceForm

MESSENGERS = (
    ServiceForm(
        "telegram",
        "Telegram",
        "send",
        "Write to @BotFather to make a bot, then write to your bot once so that it may answer.",
        (
            secret(
                "token", "Bot token", "From @BotFather: numbers, a colon, letters.",
                part="bot_token", pattern=r"(bot)?[0-9]+:[A-Za-z0-9_-]+",
            ),
            FormField(
                "chat", "Chat ID", help="Your number; @userinfobot tells it. Groups begin with “-”.",
                placeholder="123456789", pattern=r"-?[0-9]{1,32}|@?[A-Za-z_][A-Za-z0-9_]+",
                part="targets",
            ),
        ),
        "tgram://{token}/{chat}/",
        WIKI + "telegram/",
    ),
    ServiceForm(
        "signal",
        "Signal",
        "message-circle",
        "Needs signal-cli-rest-api on your network: github.com/bbernhard/signal-cli-rest-api.",
        (
            server("Address of the Signal API", "http://192.168.1.10:8080"),
            phone("from", "Its own number", part="from_phone"),
            phone("to", "Your number", part="targets"),
            *login("Only if the API asks for one."),
        ),
        "signal{s}://[{user}:{password}@]{host}[:{port}]/{from}/{to}",
        WIKI + "signal/",
    ),
    ServiceForm(
        "whatsapp",
        "WhatsApp",
        "message-circle",
        "Needs a Meta developer account with WhatsApp Cloud API: developers.facebook.com.",
        (
            secret("token", "Access token", pattern=r"[A-Za-z0-9]+"),
            FormField(
                "sender", "Phone number ID", help="Of the sending number, digits only.",
                pattern=r"[0-9]+", part="from_phone_id",
            ),
            phone("to", "Your number", part="targets"),
            FormField(
                "template", "Message template", required=False, pattern=r"[^\s]+",
                help="WhatsApp wants one to begin a conversation; empty to answer only.",
            ),
        ),
        "whatsapp://[{template}:]{token}@{sender}/{to}/",
        WIKI + "whatsapp/",
    ),
    ServiceForm(
        "matrix",
        "Matrix",
        "message-circle",
        "Make an account for the hub, and invite it to the room.",
        (
            server("Home server", "https://matrix.org"),
            FormField("user", "User name of the hub's account"),
            secret("password", "Password"),
            FormField(
                "room", "Room", help="Its ID (!…) or address (#…).",
                placeholder="#family:matrix.org", pattern=r"[!#][^\s]+", part="targets",
            ),
        ),
        "matrix{s}://{user}:{password}@{host}[:{port}]/{room}",
        WIKI + "matrix/",
    ),
    ServiceForm(
        "discord",
        "Discord",
        "message-circle",
        "In the channel's settings: Integrations, Webhooks, New webhook, Copy URL.",
        (
            webhook(
                "Webhook URL", "The whole address, as copied.",
                "https://discord.com/api/webhooks/…",
                r"https?://discord(app)?\.com/api/webhooks/[0-9]+/[A-Za-z0-9_-]+/?",
            ),
        ),
        "{=webhook}",
        WIKI + "discord/",
    ),
    ServiceForm(
        "slack",
        "Slack",
        "message-circle",
        "At api.slack.com/apps: your app, Incoming Webhooks, Add New Webhook.",
        (
            webhook(
                "Webhook URL", "The whole address, as copied.",
                "https://hooks.slack.com/services/…",
                r"https?://hooks\.slack\.com/services/[A-Za-z0-9]+/[A-Za-z0-9]+/[A-Za-z0-9]+/?",
            ),
        ),
        "{=webhook}",
        WIKI + "slack/",
    ),
    ServiceForm(
        "teams",
        "Microsoft Teams",
        "users",
        "In the channel: Workflows, “Send webhook alerts to a channel”, copy the link.",
        (
            webhook(
                "Workflow link", "The whole address with “sig=” at its end, as copied.",
                "https://….logic.azure.com:443/workflows/…",
                r"https?://[A-Za-z0-9_.-]+(:[0-9]+)?/.*workflows/[^?]+\?.*sig=.+",
            ),
        ),
        "{=webhook}",
        WIKI + "workflows/",
    ),
    ServiceForm(
        "gchat",
        "Google Chat",
        "message-circle",
        "In the space: Apps & integrations, Webhooks, Add webhook, copy the link.",
        (
            webhook(
                "Webhook URL", "The whole address with “key=” and “token=”, as copied.",
                "https://chat.googleapis.com/v1/spaces/…",
                r"https://chat\.googleapis\.com/v1/spaces/[A-Za-z0-9_-]+/messages/?\?.*key=.+token=.+",
            ),
        ),
        "{=webhook}",
        WIKI + "googlechat/",
    ),
    ServiceForm(
        "mattermost",
        "Mattermost",
        "message-circle",
        "In Mattermost: Integrations, Incoming Webhooks, Add; the key is the link's last part.",
        (
            server("Address of Mattermost", "https://chat.example.org"),
            secret("token", "Webhook key", "The part after /hooks/.", pattern=r"[A-Za-z0-9_-]+"),
            FormField("channel", "Channel", required=False, part="targets"),
        ),
        "mmost{s}://{host}[:{port}][/{path}]/{token}?[channel={channel}]",
        WIKI + "mattermost/",
    ),
    ServiceForm(
        "nextcloud_talk",
        "Nextcloud Talk",
        "message-circle",
        "Make an account for the hub, and add it to the conversation.",
        (
            server("Address of Nextcloud", "https://cloud.example.org"),
            FormField("user", "User name of the hub's account"),
            secret("password", "Its app password"),
            FormField(
                "room", "Conversation", help="The last part of the conversation's link.",
                pattern=r"[A-Za-z0-9_-]+", part="targets",
            ),
        ),
        "nctalk{s}://{user}:{password}@{host}[:{port}]/{room}?[url_prefix=/{path}]",
        WIKI + "nextcloudtalk/",
    ),
    ServiceForm(
        "synology_chat",
        "Synology Chat",
        "server",
        "In Synology Chat: Integration, Incoming webhooks, Create; the token is in its link.",
        (
            server("Address of the Synology", "https://192.168.1.20:5001"),
            secret("token", "Token", "The part after “token=” in the webhook's link, without %22."),
        ),
        "synology{s}://{host}[:{port}]/{token}",
        WIKI + "synology_chat/",
    ),
)  # fmt: skip
