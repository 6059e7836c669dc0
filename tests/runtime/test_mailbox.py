"""The mail of a machine without a mail server, in the browser."""

from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage, get_connection
from django.test import Client
from django.urls import path

from apprenticeship import mailbox, urls
from tests.pages import visit

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
urlpatterns = [
    *urls.urlpatterns,
    path("mailbox/", mailbox.mailbox),
]  # the portal's own has it with DEBUG only


def test_mail_is_listed_with_its_moment_and_its_links(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_FILE_PATH = tmp_path
    mail = EmailMessage("Read & sign", "Open http://testserver/sign/x/ now", to=["dana@example.org"])
    mail.extra_headers["Date"] = "Sun, 22 Nov 2026 16:41:07 -0600"
    get_connection("apprenticeship.records.mail_folder.EmailBackend").send_messages([mail])
    (tmp_path / ".20261122-half.eml").write_text("a mail that is being written")
    page = visit(client, "/mailbox/")
    assert page.words("//summary") == ["Read & sign · dana@example.org · Nov 22, 2026, 10:41 PM UTC"]
    assert page.tree.xpath("//details//a/@href") == ["http://testserver/sign/x/"]


def test_mail_to_one_address_is_found_among_the_demos(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_FILE_PATH = tmp_path
    addresses = ["Dana@example.org", *(f"demo{number}@example.org" for number in range(mailbox.SHOWN))]
    mails = [EmailMessage("Welcome", "Hello", to=[address]) for address in addresses]
    get_connection("apprenticeship.records.mail_folder.EmailBackend").send_messages(mails)
    assert len(visit(client, "/mailbox/").words("//summary")) == mailbox.SHOWN
    page = visit(client, "/mailbox/?to=+dana@")
    assert [line.split(" · ")[1] for line in page.words("//summary")] == ["Dana@example.org"]
