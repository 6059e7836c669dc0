"""Notes, questions and answers: once each, mailed to the other side, and no note ever seen by an employer."""

import re
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from apprenticeship.accounts.models import User
from apprenticeship.documents.models import Document
from apprenticeship.documents.rendering import render_html
from apprenticeship.records import mail
from apprenticeship.records.models import Event, Notification
from employers import conversation, registering
from employers.models import InternalNote, Membership, Message, Onboarding, Role
from employers.onboarding import State
from employers.permissions import NotAllowed
from employers.samples.journey import Journey
from tests.employers.desk_fixtures import QUEUE, page_of
from tests.pages import Page, visit
from tests.people import browser

pytestmark = pytest.mark.django_db
SECRET = "Zebra-7781 is what only AAMI reads"
MESSAGES = "/messages/"


@pytest.fixture
def case(journey: Journey) -> Onboarding:
    """An application in review."""
    return journey.to(State.REVIEW)


def talk_at(case: Onboarding, do: str) -> str:
    return f"{QUEUE}{case.pk}/talk/{do}/"


def write(client: Client, case: Onboarding, do: str, text: str, **more: Any) -> Page:
    """Send a note or a message from the review page as a browser would."""
    typed = {f"{do}-text": text, f"{do}-key": more.pop("key", uuid.uuid4())}
    return Page(client.post(talk_at(case, do), typed | more, follow=True))


def mails(name: str) -> list[str]:
    return sorted(Notification.objects.filter(name=name).values_list("recipient", flat=True))


def test_note_stands_on_the_review_page_and_tells_nobody(case: Onboarding, reviewer: User) -> None:
    before = Notification.objects.count()
    page = write(browser(reviewer), case, "note", SECRET)
    assert page.words("//section[@aria-labelledby='notes']//ol/li//p")[1:] == [SECRET]
    assert page.words("//section[@aria-labelledby='messages']//ol/li") == ["No messages yet."]
    assert Notification.objects.count() == before


def test_question_is_mailed_answered_and_mailed_back(
    case: Onboarding, reviewer: User, owner: User, colleague: Callable[[Role], User]
) -> None:
    editor, viewer = colleague(Role.EDITOR), colleague(Role.VIEWER)
    write(browser(reviewer), case, "message", "Which college?\n\nAnd who pays?")
    assert mails("message_from_aami") == sorted([owner.email, editor.email])
    page = visit(browser(editor), "/onboarding/")
    assert page.words("//section[@aria-labelledby='asked']/h2") == ["A message from AAMI"]
    page = visit(browser(editor), MESSAGES)
    assert page.words("//li[@class='theirs']//div/p") == ["Which college?", "And who pays?"]
    typed = {"text": "Sample College; we do.", "key": page.fields()["key"]}
    answers = [browser(editor).post(MESSAGES, typed, follow=True) for _click in range(2)]
    assert [Page(answer).notices for answer in answers] == [
        ["Sent to AAMI."],
        ["This message was sent already."],
    ]
    assert (mails("message_from_employer"), Message.objects.count()) == (
        ["manager@example.org", reviewer.email],
        2,
    )
    assert visit(browser(owner), "/onboarding/").words("//section[@aria-labelledby='asked']") == []
    assert "The employer wrote last" in Page(browser(reviewer).get(page_of(case))).text
    assert visit(browser(viewer), MESSAGES).tree.xpath("//textarea") == []
    assert browser(viewer).post(MESSAGES, typed | {"key": uuid.uuid4()}).status_code == 403


def test_refresh_sends_nothing_twice(case: Onboarding, reviewer: User) -> None:
    client, key = browser(reviewer), uuid.uuid4()
    for _time in range(2):
        write(client, case, "message", "Once.", key=key)
        write(client, case, "note", "Once.", key=key)
    assert (Message.objects.count(), InternalNote.objects.count(), len(mails("message_from_aami"))) == (
        1,
        1,
        1,
    )
    assert Event.objects.filter(verb__in=["message_sent", "note_written"]).count() == 2


def test_message_can_be_read_and_changed_before_it_leaves(case: Onboarding, reviewer: User) -> None:
    client = browser(reviewer)
    page = write(client, case, "message", "Frist draft.", preview="1")
    assert "Nothing is sent yet." in page.text
    assert "Rosalind Meyer at AAMI writes about the application" in page.text
    assert (Message.objects.count(), mails("message_from_aami")) == (0, [])
    [area] = page.tree.xpath("//textarea[@id='message-text']")
    assert area.value.strip() == "Frist draft."
    key = page.tree.xpath("//input[@id='message-key']/@value")[0]
    write(client, case, "message", "First draft.", key=key)
    assert Message.objects.get().text == "First draft."


@pytest.mark.parametrize("do", ["note", "message"])
def test_empty_text_and_lost_sessions_lose_nothing(case: Onboarding, reviewer: User, do: str) -> None:
    page = write(browser(reviewer), case, do, " \x07 ")
    assert (page.status, page.words("//ul[@class='errorlist']/li")) == (422, ["This field is required."])
    client = Client()
    typed = {f"{do}-text": "Typed before.", f"{do}-key": uuid.uuid4(), "typed_by": reviewer.pk}
    assert client.post(talk_at(case, do), typed)["Location"].startswith("/accounts/login/")
    client.force_login(reviewer, backend="django.contrib.auth.backends.ModelBackend")
    [area] = Page(client.get(talk_at(case, do))).tree.xpath(f"//textarea[@id='{do}-text']")
    assert area.value.strip() == "Typed before."
    assert (Message.objects.count(), InternalNote.objects.count()) == (0, 0)


def test_strangers_and_the_employers_own_people_at_aami_write_nothing(
    case: Onboarding, reviewer: User, outsider: User, owner: User
) -> None:
    Membership.objects.create(employer=case.employer, user=reviewer, role="viewer")
    assert write(browser(reviewer), case, "note", "Forged").status == 403
    for act in (conversation.note, conversation.ask_employer, conversation.answer_desk):
        with pytest.raises(NotAllowed):
            act(case, "Forged", by=outsider, key=uuid.uuid4())
    with pytest.raises(NotAllowed):
        conversation.note(case, "Forged", by=owner, key=uuid.uuid4())
    assert (Message.objects.count(), InternalNote.objects.count()) == (0, 0)


def shown_to_employers(journey: Journey) -> list[str]:
    """Return every word that the employer's people, signatory and the public can reach of this case."""
    client, texts = browser(journey.owner), []
    for url in ("/onboarding/", "/onboarding/print/", MESSAGES, "/papers/", "/mail/", "/team/", "/home/"):
        texts.append(client.get(url, follow=True).content.decode())
    for slug in (
        "get-started",
        "standards",
        "position",
        "funding",
        "mentor",
        "agreement",
        "approval",
        "hiring",
    ):
        texts.append(client.get(f"/onboarding/{slug}/").content.decode())
    for row in Notification.objects.exclude(user__is_staff=True):
        if not row.name.startswith("account_"):
            message = mail.message(row.name, row.recipient, row.context | {"action_url": "x"}, row.message_id)
            texts += [
                str(message.subject),
                str(message.body),
                str(message.alternatives[0].content),
                str(row.context),
            ]
    texts += [render_html(paper) + str(paper.data) for paper in Document.objects.exclude(data=None)]
    return texts


@pytest.mark.parametrize("state", [State.REVIEW, State.CHANGES, State.DECLINED, State.ENDED])
def test_internal_note_reaches_no_page_mail_or_paper_of_an_employer(
    state: State, journey: Journey, reviewer: User
) -> None:
    case = journey.onboarding
    for word in ("one", "two"):
        conversation.note(case, f"{SECRET} {word}", by=reviewer, key=uuid.uuid4())
    case = journey.to(state)
    conversation.note(case, f"{SECRET} three", by=reviewer, key=uuid.uuid4())
    conversation.ask_employer(case, "Which college?", by=reviewer, key=uuid.uuid4())
    texts = shown_to_employers(journey)
    assert len(texts) > 30
    assert [
        text for text in texts if "Zebra" in text or "note_written" in text or "nternal note" in text
    ] == []
    assert "Zebra" not in str(list(Event.objects.values_list("data", flat=True)))


def test_why_a_sending_was_corrected_reaches_no_page_mail_or_paper_of_an_employer(
    journey: Journey, reviewer: User
) -> None:
    case = journey.to(State.REGISTRATION)
    journey.send()
    registering.correct(case, by=reviewer, reason=SECRET, sent_on=None)
    assert [text for text in shown_to_employers(journey) if "Zebra" in text] == []
    assert "Zebra" not in str(list(Event.objects.values_list("data", flat=True)))
    assert SECRET in browser(reviewer).get(page_of(case)).content.decode()


def test_only_the_desk_names_the_models_that_an_employer_must_not_see() -> None:
    root = Path(__file__).parents[2]
    names = re.compile(r"InternalNote|ReviewDraft")
    found = {
        str(path.relative_to(root))
        for folder in ("employers", "apprentices", "apprenticeship")
        for path in (root / folder).rglob("*.py")
        if "migrations" not in path.parts and names.search(path.read_text())
    }
    assert found == DESK_ONLY
    reachable = {field.get_accessor_name() for field in Onboarding._meta.related_objects}
    assert not {name for name in reachable if name and ("note" in name or "draft" in name)}


DESK_ONLY = {
    "employers/admin/drafting.py",
    "employers/admin/talks.py",
    "employers/conversation.py",
    "employers/drafts.py",
    "employers/models/__init__.py",
    "employers/models/conversation.py",
}
