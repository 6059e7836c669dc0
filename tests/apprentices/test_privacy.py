"""The privacy page and the consent text say what the settings and the forms do."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from apprentices import links
from apprentices.forms import InterestForm
from apprentices.inviting import ANSWER_WITHIN
from apprentices.links import CONFIRM_WITHIN
from apprentices.models import Candidate, ConsentText, Invitation
from apprentices.models.link import LINK_LIFE
from apprentices.origins import MOST
from apprentices.search import CIRCLES
from apprenticeship.program.models import Program
from tests.apprentices.answers import INTEREST
from tests.pages import visit
from tests.people import browser, person

pytestmark = pytest.mark.django_db

# What the page says of each field somebody fills in.
SAID = {
    "name": "Name",
    "email": "e-mail address",
    "phone": "phone if given",
    "zip_code": "ZIP code with its place, state, region and position",
    "travel": "how far you would travel",
    "moving": "or move",
    "available": "when you could start",
    "education": "education",
    "knows_electronics": "experience",
    "knows_it": "experience",
    "knows_clinical": "experience",
    "about": "your own words",
    "service": "military service if given",
    "work": "your current employer if given",
    "current_employer": "your current employer if given",
    "heard_from": "how you heard of us",
    "wants_openings": "whether you want mail about openings",
    "is_of_age": "your word that you are 16 or older",
    "is_consenting": "the text you consented to",
}
NOT_KEPT = {"leave_empty", "opened", "consent_version"}


def test_page_names_every_field_of_the_form(client: Client) -> None:
    page = visit(client, "/privacy/")
    form = InterestForm(consent=ConsentText.objects.latest("version"), minimum_age=16)
    assert set(SAID) == set(form.fields) - NOT_KEPT
    what = page.words("//dt[contains(., 'what')]/following-sibling::dd")[0]
    assert [text for text in SAID.values() if text not in what] == []
    assert not {"birth", "disability", "ssn", "gender", "race"} & {
        part for field in Candidate._meta.get_fields() for part in field.name.split("_")
    }


def test_page_names_what_the_list_that_aami_had_holds(client: Client) -> None:
    said = visit(client, "/privacy/").words("//dt[contains(., 'list AAMI had')]/following-sibling::dd")[0]
    kept = {"name": "Name", "email": "e-mail address", "zip_code": "ZIP code", "phone": "phone"}
    assert set(kept) == {name for name in Invitation.NOTHING if name != "token_hash"}
    assert [words for words in kept.values() if words not in said] == []


def test_page_says_the_days_and_limits_of_the_settings(client: Client) -> None:
    Program.objects.update(
        candidate_reconfirm_days=61, candidate_reminder_days=9, candidate_erase_days=202, candidate_notice_days=11,
        candidate_openings_per_day=7, minimum_age=17,
    )  # fmt: skip
    text = visit(client, "/privacy/").text
    for words in (
        f"Unconfirmed, it is deleted after {CONFIRM_WITHIN.days} days, counted from when the form was last filled in",
        f"The link in every mail stops sharing or deletes at once, for {LINK_LIFE.days} days after it was sent",
        f"After a no, or {ANSWER_WITHIN.days} days without an answer, all of it is deleted",
        "we ask 9 days before the 61 days are over",
        "no employer can find you after 61 days",
        "After 202 days without a word from you everything is deleted; 11 days before, a last mail tells you",
        "can open 7 people a day at most",
        "you are 17 or older",
    ):
        assert words in text


def test_no_link_dies_before_the_person_is_deleted_for_silence() -> None:
    program = Program.objects.current()
    program.candidate_erase_days = LINK_LIFE.days
    with pytest.raises(ValidationError) as refused:
        program.full_clean()
    assert refused.value.message_dict == {"candidate_erase_days": ["Enter 365 or less."]}


def test_page_names_every_cookie(client: Client, confirmed: Candidate) -> None:
    visit(client, INTEREST)
    link = links.page_path(str(links.page_grant(confirmed)[1]))
    client.post(link, {"do": "stay"})
    said = visit(Client(), "/privacy/").words("//dt[.='Cookies']/following-sibling::dd")[0]
    names = set(client.cookies) | set(browser(person("eve@example.org", "Eve Stone")).cookies)
    known = {
        "sessionid": "keeps you signed in", "csrftoken": "protects forms", "messages": "short message",
    }  # fmt: skip
    assert names == set(known)
    assert [words for words in known.values() if words not in said] == []


def test_page_says_how_far_distances_are_told(client: Client) -> None:
    text = visit(client, "/privacy/").text
    circles = (
        f"within {', '.join(map(str, CIRCLES[:-1]))} or {CIRCLES[-1]} miles, measured from your ZIP code"
    )
    assert circles in text
    assert f"its own sites and {MOST} other ZIP codes a day" in text


def test_sample_consent_text_promises_what_the_seeded_settings_do() -> None:
    program, text = Program.objects.current(), ConsentText.objects.latest("version").text
    assert f"Every {program.candidate_reconfirm_days} days AAMI asks me" in text
    assert f"{program.candidate_erase_days} days after I was last heard from, everything is deleted" in text
    assert f"everything is deleted after {CONFIRM_WITHIN.days} days" in text
