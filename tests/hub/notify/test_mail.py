"""Mail through a real SMTP server on loopback, small as it is (RFC 5321, RFC 4954)."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from hub.config import Notify as Settings
from hub.notify.apprise import AppriseSender
from hub.notify.catalogue import build_url


@dataclass
class Post:
    """What arrived, and how the server answers: command -> reply."""

    port: int = 0
    replies: dict[str, str] = field(default_factory=dict)
    mails: list[str] = field(default_factory=list)

    def url(self, **answers: str) -> str:
        fields = {"to": "mara@example.org", "sender": "hub@example.org", "host": "127.0.0.1"}
        more = {"port": str(self.port), "security": "insecure"}
        return build_url("email", {**fields, **more, **answers})


@pytest.fixture
def post() -> Iterator[Post]:
    made = Post()

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 here")
            for line in iter(self.rfile.readline, b""):
                command = line.decode().split()[0].upper()
                reply = made.replies.get(command) or _FINE.get(command, "250 fine")
                self.say(reply)
                if reply == _FINE["DATA"]:
                    made.mails.append(self.body())
                    self.say("250 kept")
                if command == "QUIT":
                    return

        def body(self) -> str:
            lines = iter(self.rfile.readline, b".\r\n")
            return b"".join(lines).decode()

        def say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        server.daemon_threads = True
        made.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield made
        server.shutdown()
        thread.join()


_FINE = {
    "EHLO": "250-here\r\n250 AUTH PLAIN",
    "AUTH": "235 come in",
    "DATA": "354 go on",
    "QUIT": "221 bye",
}


@pytest.fixture
def sender():
    return AppriseSender(Settings(timeout=5.0))


async def test_a_mail_arrives(sender, post):
    outcome = await sender.send(post.url(), "Hall", "The **door** is open.", {})
    assert outcome.ok, outcome.reason
    mail = email.message_from_string(post.mails[0], policy=email.policy.default)
    assert (mail["Subject"], mail["To"], mail["From"]) == (
        "Hall", "mara@example.org", "hub@example.org",
    )  # fmt: skip
    page = mail.get_body(("html",))
    assert page is not None
    assert "<strong>door</strong>" in page.get_content()


@pytest.mark.parametrize(
    "command, reply, final",
    [
        ("AUTH", "535 5.7.8 Bad s3cret for hub", True),
        ("RCPT", "550 5.1.1 No such user", True),
        ("MAIL", "451 4.3.0 Try later", False),
        ("DATA", "452 4.3.1 Full", False),
    ],
)
async def test_a_refusal_is_told_in_the_servers_words(sender, post, command, reply, final):
    post.replies[command] = reply
    outcome = await sender.send(post.url(user="hub", password="s3cret"), "", "x", {})
    assert (outcome.ok, outcome.final) == (False, final)
    assert reply.split()[0] in outcome.reason
    assert "s3cret" not in outcome.reason


async def test_a_server_that_is_not_there_is_tried_again(sender, post, nobody):
    outcome = await sender.send(post.url(port=str(nobody)), "", "x", {})
    assert (outcome.ok, outcome.final) == (False, False)
    assert outcome.reason == (
        f"127.0.0.1:{nobody} refused the connection. Is the service running there?"
    )
