"""A mail server of a test's own: takes mail, refuses addresses, thinks long, goes down and comes back."""

import asyncio
import email
import logging
import socket
import threading
from contextlib import suppress
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

HOST = "127.0.0.1"
logging.getLogger("mail.log").setLevel(logging.WARNING)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


class MailServer:
    """An SMTP server on a free port that keeps what it accepted."""

    def __init__(self) -> None:
        self.port = free_port()
        self.messages: list[EmailMessage] = []
        self.replies: dict[str, str] = {}  # what an address is answered instead of "250 OK"
        self.answers = threading.Event()  # cleared: it has the mail and has not said 250 yet
        self.answers.set()
        self.has_mail = threading.Event()
        self.up()

    @property
    def url(self) -> str:
        """EMAIL_URL of this server."""
        return f"smtp://{HOST}:{self.port}"

    def up(self) -> None:
        """Start, on the same port as before."""
        self._controller = Controller(self, hostname=HOST, port=self.port)
        self._controller.start()

    def down(self) -> None:
        """Stop listening."""
        with suppress(AssertionError):  # it is down already
            self._controller.stop()

    def to(self, address: str) -> list[EmailMessage]:
        """Return the accepted mail to one address."""
        return [message for message in self.messages if message["To"] == address]

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Take or refuse an address."""
        if address in self.replies:
            return self.replies[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Accept a message, once it may be answered."""
        self.has_mail.set()
        while not self.answers.is_set():
            await asyncio.sleep(0.01)
        message = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 OK"


def text_of(message: EmailMessage) -> str:
    """Return the plain text of a message."""
    part = message.get_body(("plain",))
    assert part
    return str(part.get_content()).replace("\r\n", "\n")


def html_of(message: EmailMessage) -> str:
    """Return the HTML of a message."""
    part = message.get_body(("html",))
    assert part
    return str(part.get_content())
