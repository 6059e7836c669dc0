"""Words of a mail in AAMI's own hands: safe variables only, previewed, versioned, and never without the link."""

from typing import Any

import pytest
from django.test import Client

from apprenticeship.accounts.roles import MANAGERS, REVIEWERS
from apprenticeship.records import mail, mail_samples, mail_words
from apprenticeship.records.models import Event, MailText, Notification
from apprenticeship.records.models.append_only import AppendOnlyError
from apprenticeship.records.queues import work_off_everything
from tests.pages import Page, visit
from tests.people import browser, person

pytestmark = [pytest.mark.django_db, pytest.mark.once]

URL = "/admin/records/mailtext/{}/words/"
FACTS = {
    "employer": "A & <b>B</b> Hospital",
    "by": "O'Neil",
    "person": "Dana",
    "reason": "<script>alert(1)</script> {{ by }}",
}


@pytest.fixture
def manager() -> Client:
    return browser(person("manager@example.org", "Terrence Blake", staff=MANAGERS))


def save(
    client: Client, name: str, subject: str, body: str, action: str = "save", seen: int | None = None
) -> Page:
    page = Page(client.get(URL.format(name)))
    fields = page.fields() | {"subject": subject, "body": body, "action": action}
    if seen is not None:
        fields["seen"] = str(seen)
    return Page(client.post(page.url, fields, follow=True))


def problems(page: Page) -> list[str]:
    return page.words("//div[contains(@class, 'error-summary')]//li")


def test_own_words_stand_between_greeting_and_button(manager: Client) -> None:
    page = save(
        manager,
        "withdrawn",
        "Good-bye from {{ employer }}",
        "{{ by }} has withdrawn {{ employer }}.\n\nWhy: {{ reason }}\n\n- one\n- two",
    )
    assert page.words("//ul[@class='messagelist']/li") == ["These words go out from the next mail on."]
    message = mail.message("withdrawn", "a@example.org", FACTS | {"action_url": "http://x/tasks/"}, "<1@x>")
    html = str(message.alternatives[0].content)
    assert message.subject == "Good-bye from A & <b>B</b> Hospital"
    assert message.body.startswith(
        "Hello Dana,\n\nO'Neil has withdrawn A & <b>B</b> Hospital.\n\n"
        "Why: <script>alert(1)</script> {{ by }}\n\n- one\n- two\n\nSee the application:\nhttp://x/tasks/\n"
    )
    assert [html.count(text) for text in ("<script>", "&lt;script&gt;", "<b>B</b>", "http://x/tasks/")] == [
        0,
        1,
        0,
        1,
    ]
    assert "The owner can reopen" not in message.body


def test_variable_without_a_value_takes_its_paragraph_along(manager: Client) -> None:
    save(manager, "withdrawn", "Withdrawn", "{{ employer }} is withdrawn.\n\nWhy: {{ reason }}")
    message = mail.message("withdrawn", "a@example.org", FACTS | {"reason": ""}, "<1@x>")
    assert "Why" not in message.body


def test_lists_are_paragraphs_of_their_own_in_both_twins(manager: Client) -> None:
    save(manager, "changes_requested", "To do", "Please look:\n\n{{ flagged_parts }}")
    facts = FACTS | {"message": "", "flagged": [{"part": "Funding", "note": "<i>Name</i> the grant."}]}
    message = mail.message("changes_requested", "a@example.org", facts, "<1@x>")
    html = str(message.alternatives[0].content)
    assert "Please look:\n\n- Funding: <i>Name</i> the grant.\n" in message.body
    assert "<li><b>Funding</b>: &lt;i&gt;Name&lt;/i&gt; the grant.</li>" in html


def test_code_and_link_cannot_be_left_out(manager: Client) -> None:
    save(manager, "signing_code", "Code", "Type it.")
    save(manager, "invitation", "Come", "Come and help.")
    code = mail.message(
        "signing_code", "a@example.org", {"employer": "X", "called": "it", "code": "123456"}, "<1@x>"
    )
    link = mail.message("invitation", "a@example.org", {"action_url": "http://x/join/t/"}, "<1@x>")
    assert code.body.startswith("Hello,\n\nType it.\n\n    123456\n")
    assert link.body.startswith("Hello,\n\nCome and help.\n\nSee the invitation:\nhttp://x/join/t/\n")


def test_warning_of_the_frame_stays_in_mails_about_accounts(manager: Client) -> None:
    save(manager, "account_password_changed", "Changed", "There is a new password.")
    message = mail.message("account_password_changed", "a@example.org", {"user": ""}, "<1@x>")
    assert message.body.startswith(
        "Hello,\n\nThere is a new password.\n\nIf it was you, there is nothing to do.\nIf it was not you,"
    )


@pytest.mark.parametrize(
    ("name", "subject", "body", "said"),
    [
        (
            "withdrawn",
            "Hi",
            "{{ reviewer_note }} {{ reason }}",
            "Text: {{ reviewer_note }}: not known here. Known are {{ by }}, {{ employer }}, {{ reason }}.",
        ),
        (
            "withdrawn",
            "Hi",
            "{% load log %}{{ reason }}",
            "Text: A brace { or } that belongs to no variable: not known here. Known are {{ by }}, {{ employer }}, "
            "{{ reason }}.",
        ),
        (
            "withdrawn",
            "Hi",
            "{{ by }} left.",
            "Text: The mail needs {{ reason }}; nobody else tells its reader.",
        ),
        (
            "changes_requested",
            "Hi",
            "See {{ flagged_parts }} now",
            "Text: {{ flagged_parts }} is a paragraph of its own: leave a blank line before and after it.",
        ),
        (
            "changes_requested",
            "{{ flagged_parts }}",
            "{{ flagged_parts }}",
            "Subject: {{ flagged_parts }}: not known here. Known are {{ employer }}.",
        ),
        (
            "welcome",
            "Hi",
            "{{ employer.onboarding.reviewer }}",
            "Text: A brace { or } that belongs to no variable",
        ),
        ("candidate_confirm", "Hi", "{{ employer }}", "Text: {{ employer }}: this text has no variables."),
        ("welcome", "", "Hello", "Subject: This field is required."),
    ],
)
def test_words_that_cannot_be_sent_are_refused_with_what_is_known(
    manager: Client, name: str, subject: str, body: str, said: str
) -> None:
    page = save(manager, name, subject, body)
    assert [line[: len(said)] for line in problems(page)] == [said]
    assert page.tree.xpath("//textarea[@name='body']")[0].text.strip() == body
    assert MailText.objects.count() == 0


def test_words_that_name_the_page_of_the_button_stay_good(manager: Client) -> None:
    body = "{{ number }} people match:\n\n{{ search }}\n\nSign in and look:\n{{ search_url }}"
    assert problems(save(manager, "weekly_matches", "{{ number }} people", body)) == []
    facts = {
        "number": 3,
        "search": "Ohio",
        "search_url": "http://x/candidates/?state=OH",
        "action_url": "http://x/end/",
    }
    message = mail.message("weekly_matches", "a@example.org", facts, "<1@x>")
    assert "Sign in and look:\nhttp://x/candidates/?state=OH\n" in message.body
    assert mail_words.variables("weekly_matches") == {"number", "search", "search_url"}
    assert "site_url" not in mail_words.variables("account_unknown_account")


def test_preview_shows_sample_facts_and_stores_nothing(manager: Client) -> None:
    page = save(manager, "welcome", "Hi {{ employer }}", "Welcome, {{ employer }}.", action="preview")
    assert page.words("//section[@aria-labelledby='preview']//b") == ["Hi Lakeside Regional Medical Center"]
    assert (
        "Welcome, Lakeside Regional Medical Center."
        in page.words("//section[@aria-labelledby='preview']//pre")[0]
    )
    assert MailText.objects.count() == 0


def test_versions_are_kept_and_the_default_comes_back(manager: Client) -> None:
    before = mail.message("welcome", "a@example.org", FACTS, "<1@x>").body
    save(manager, "welcome", "One", "First words.")
    save(manager, "welcome", "Two", "Second words.")
    page = Page(manager.post(URL.format("welcome"), {"action": "restore"}, follow=True))
    assert page.words("//section[@aria-labelledby='versions']//li/a") == [
        "Version 3",
        "Version 2",
        "Version 1",
    ]
    assert mail.message("welcome", "a@example.org", FACTS, "<1@x>").body == before
    assert [row.body for row in MailText.objects.order_by("version")] == ["First words.", "Second words.", ""]
    verbs = Event.objects.filter(chain="program").order_by("number").values_list("verb", flat=True)
    assert list(verbs) == ["mail_text_changed", "mail_text_changed", "mail_text_restored"]
    with pytest.raises(AppendOnlyError):
        MailText.objects.get(version=1).save()


def test_second_of_two_savers_is_told_and_keeps_the_words(manager: Client) -> None:
    save(manager, "welcome", "One", "First words.")
    page = save(manager, "welcome", "Other", "Other words.", seen=0)
    assert page.status == 409
    assert page.words("//div[@role='alert']/p") == [
        "Terrence Blake saved version 1 meanwhile. Your words are below; save again to replace it."
    ]
    again = Page(manager.post(page.url, page.fields() | {"action": "save"}, follow=True))
    assert again.status == 200
    assert MailText.objects.own("welcome").body == "Other words."


def test_reviewer_reads_and_may_not_save() -> None:
    reviewer = browser(person("reviewer@example.org", staff=REVIEWERS))
    page = Page(reviewer.get(URL.format("welcome")))
    assert page.tree.xpath("//textarea") == []
    refused = reviewer.post(URL.format("welcome"), {"subject": "x", "body": "y", "seen": 0, "action": "save"})
    assert (refused.status_code, MailText.objects.count()) == (403, 0)


def test_mail_in_the_queue_goes_out_in_the_new_words(manager: Client) -> None:
    mail.send("welcome", "a@example.org", FACTS)
    save(manager, "welcome", "New subject", "New words.")
    work_off_everything()
    row = Notification.objects.get()
    assert (row.subject, "New words." in row.body) == ("New subject", True)


@pytest.mark.parametrize("name", mail_words.names())
def test_default_words_of_every_mail_can_be_saved_and_sent(name: str) -> None:
    subject, body = mail_words.default_subject(name), mail_words.default_body(name)
    assert mail_words.faults(name, subject, body) == {}
    facts = mail_samples.facts_for(name, mail_words.variables(name))
    message = mail.preview(name, facts, subject, body)
    html = str(message.alternatives[0].content)
    assert "{{" not in message.subject + message.body + html
    assert [line for line in message.body.splitlines() if len(line) > 72 and " " in line] == []
    assert 3 <= len(message.subject) <= 120


def test_pages_keep_their_query_count(manager: Client, django_assert_num_queries: Any) -> None:
    save(manager, "welcome", "One", "First words.")
    for _round in range(2):
        with django_assert_num_queries(7):
            manager.get("/admin/records/mailtext/")
        with django_assert_num_queries(10):
            manager.get(URL.format("welcome"))
        save(manager, "welcome", "Two", "More words.")
        save(manager, "withdrawn", "Two", "More words. {{ reason }}")


def test_words_to_start_from_are_whole_where_the_subject_depends_on_a_number(manager: Client) -> None:
    assert mail_words.default_subject("candidate_opened") == "Your details were opened"
    assert mail_words.default_subject("weekly_matches") == "{{ number }} new people match your search"
    assert mail_words.default_body("weekly_matches").startswith("{{ number }} people joined the list of")
    assert mail_words.default_body("new_version").endswith("it shows the new version, and you sign it there.")
    assert mail_words.default_body("amendment_signed").startswith(
        "{{ amendment }} of {{ employer }} was signed by"
    )
    page = visit(manager, "/admin/records/mailtext/")
    titles = page.words("//td//a | //th//a")
    assert {"Message from AAMI", "Authenticator app activated", "Passkey added"} <= set(titles)
