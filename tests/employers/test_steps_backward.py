"""The way back, through the pages: what a save breaks, and what it does to a signature."""

import pytest
from django.urls import reverse

from apprenticeship.records.models import Event, Notification
from employers.models import Agreement, Employer, FundingSource, Mentor, Onboarding, Position, WageSchedule
from employers.onboarding import State
from employers.samples.journey import Journey
from tests.employers.answers import step_url
from tests.pages import fill_in, press, visit
from tests.people import browser

pytestmark = pytest.mark.django_db
WHY = (
    "Funding needs another look: openings rose from 2 to 4. "
    "$7,400.00 of $14,800.00 is covered; $7,400.00 is missing."
)
VOIDED = "The signature was voided, because the agreement prints what you changed."


def now(onboarding: Onboarding) -> Onboarding:
    """Return the onboarding as it is in the database now."""
    return Onboarding.objects.select_related("employer").get(pk=onboarding.pk)


def agreements(onboarding: Onboarding) -> list[tuple[int, str]]:
    """Return version and status of each agreement."""
    return list(onboarding.employer.agreements.order_by("version").values_list("version", "status"))


def verbs(onboarding: Onboarding, after: int = 0) -> list[str]:
    """Return what happened, in order, after the event with this number."""
    rows = Event.objects.filter(chain=onboarding.employer.chain, number__gt=after).order_by("number")
    return list(rows.values_list("verb", flat=True))


def test_more_openings_break_funding_and_say_so(journey: Journey) -> None:
    onboarding, client = journey.to(State.AGREEMENT), browser(journey.owner)
    Mentor.objects.create(employer=onboarding.employer, site=onboarding.employer.sites.first(), name="Second",
                          title="T", email="second@example.org", years=3)  # fmt: skip
    before = len(verbs(onboarding))
    page = fill_in(client, step_url("position"), {"positions-0-openings": "4"})
    assert page.notices == [
        WHY, "Draft saved.",
    ]  # fmt: skip
    assert now(onboarding).state == "funding"
    assert verbs(onboarding, before) == [
        "part_saved", "step_back", "start", "acknowledge_standards", "confirm_position",
    ]  # fmt: skip
    mail = Notification.objects.get(name="step_back")
    assert mail.recipient == journey.owner.email
    assert mail.context["reason"] == WHY
    assert onboarding.moves.get(edge="step_back").reason == WHY
    task_list = visit(client, "/onboarding/")
    assert task_list.words("//ol[@class='timeline']//span[@class='why']") == [WHY]
    page = fill_in(client, step_url("funding"), {"sources-0-amount": "14800"}, "action=complete")
    assert (page.url, now(onboarding).state) == ("/onboarding/agreement/", "agreement")


def test_change_that_is_taken_back_leads_forward_again_with_one_mail(journey: Journey) -> None:
    onboarding, client = journey.to(State.SUBMISSION), browser(journey.owner)
    position = step_url("position")
    fill_in(client, position, {"positions-0-openings": "4"}, "action=complete")
    assert now(onboarding).state == "funding"
    before, mails = len(verbs(onboarding)), set(Notification.objects.values_list("pk", flat=True))
    page = fill_in(client, position, {"positions-0-openings": "2"}, "action=complete")
    assert (page.url, page.notices) == ("/onboarding/", ["Saved. The steps after this one hold again."])
    assert now(onboarding).state == "submission"
    assert verbs(onboarding, before) == ["part_saved", "secure_funding", "appoint_mentor", "sign_agreement"]
    [mail] = Notification.objects.exclude(pk__in=mails)
    assert (mail.name, mail.context["happened"]) == (
        "step_completed",
        ["Funding secured", "Mentor appointed", "Signature on the Employer Agreement still counts"],
    )


@pytest.mark.parametrize(
    ("slug", "typed", "state"),
    [
        ("get-started", {"county": ""}, "get_started"),
        ("get-started", {"sites-0-gi_bill": ""}, "get_started"),
        ("position", {"confirms_hiring": None}, "position"),
        ("position", {"positions-0-hours_per_week": ""}, "position"),
        ("funding", {"sources-0-amount": "7399.99"}, "funding"),
        ("funding", {"confirms_payment": None}, "funding"),
        ("mentor", {"mentors-0-apprentices_carried": "1"}, "mentor"),
        ("mentor", {"mentors-0-DELETE": "on"}, "mentor"),
    ],
)
def test_save_that_breaks_a_completed_step_leads_back_to_it(
    slug: str, typed: dict[str, str | None], state: str, journey: Journey
) -> None:
    onboarding, client = journey.to(State.AGREEMENT), browser(journey.owner)
    page = fill_in(client, step_url(slug), typed)
    assert now(onboarding).state == state
    assert [" another look: " in notice for notice in page.notices] == [True, False]
    task_list = visit(client, "/onboarding/")
    assert task_list.tree.xpath("//ol[@class='task-list']/li[@class='now']//a/@href") == [step_url(slug)]


@pytest.mark.parametrize(
    ("slug", "typed"),
    [
        ("get-started", {"contact_phone": "218-555-0100", "sites-0-journeyworkers": "7"}),
        ("position", {"positions-0-openings": "1"}),
        ("funding", {"sources-0-amount": "9000", "instruction_time": "both"}),
        ("mentor", {"mentors-0-credentials": "CBET, CRES"}),
    ],
)
@pytest.mark.parametrize("at_state", [State.AGREEMENT, State.SUBMISSION])
def test_save_that_breaks_nothing_leaves_state_and_signature(
    slug: str, typed: dict[str, str], at_state: State, journey: Journey
) -> None:
    onboarding, client = journey.to(at_state), browser(journey.owner)
    before, signed = now(onboarding), agreements(onboarding)
    page = fill_in(client, step_url(slug), typed)
    assert page.notices == ["Draft saved."]
    after = now(onboarding)
    assert (after.state, after.state_since, agreements(onboarding)) == (
        before.state,
        before.state_since,
        signed,
    )
    assert (
        visit(client, step_url(slug)).fields().items()
        >= {name: {"9000": "9000.00"}.get(value, value) for name, value in typed.items()}.items()
    )


def test_unfinished_later_step_never_leads_back(journey: Journey) -> None:
    onboarding = journey.to(State.FUNDING)
    page = fill_in(browser(journey.owner), step_url("mentor"), {"mentors-0-name": "Half"})
    assert (page.notices, now(onboarding).state) == (["Draft saved."], "funding")


def test_becoming_an_incumbent_position_drops_stale_answers_and_reopens_the_step(journey: Journey) -> None:
    onboarding, client = journey.to(State.AGREEMENT), browser(journey.owner)
    page = fill_in(client, step_url("position"), {"positions-0-branch": "incumbent"})
    assert page.notices == [
        "Your position needs another look: openings fell from 2 to 1 and the kind of position 1 changed from "
        "Existing vacancy to Incumbent worker. Position 1: enter the initials.",
        "Draft saved.",
    ]
    row = Position.objects.get()
    assert (row.branch, row.openings, now(onboarding).state) == ("incumbent", 1, "position")
    page = fill_in(
        client, step_url("position"), {"positions-0-incumbent_initials": "J. D."}, "action=complete"
    )
    assert (page.url, now(onboarding).state) == ("/onboarding/agreement/", "agreement")
    fill_in(client, step_url("position"), {"positions-0-branch": "vacancy"})
    assert Position.objects.get().incumbent_initials == ""


def test_site_outside_california_keeps_no_health_care_group(journey: Journey) -> None:
    onboarding, client = journey.to(State.GET_STARTED), browser(journey.owner)
    journey.complete_profile()
    onboarding.employer.sites.update(health_care_group="unknown", gi_bill_facility_code="12345678")
    fill_in(client, step_url("get-started"))
    kept = onboarding.employer.sites.values_list("health_care_group", "gi_bill_facility_code")
    assert list(kept) == [("", ""), ("", "")]


def test_moving_a_site_that_was_removed_reopens_the_position(journey: Journey) -> None:
    onboarding = journey.to(State.AGREEMENT)
    page = fill_in(browser(journey.owner), step_url("get-started"), {"sites-0-DELETE": "on"})
    assert page.notices[0] == (
        "Your position needs another look: the site Main campus was removed. Position 1: enter the site."
    )
    assert (now(onboarding).state, Position.objects.get().site_id) == ("position", None)


PRINTED = [
    ("get-started", {"legal_name": "Lakeside Medical Center, Inc."}),
    ("get-started", {"street": "401 Harbor View Drive"}),
    ("get-started", {"sites-1-name": "Superior hospital"}),
    ("agreement", {"signatory_title": "President"}),
    ("wages", {"periods-0-rate": "22.00"}),
]


@pytest.mark.parametrize(("slug", "typed"), PRINTED)
def test_editing_what_a_signed_agreement_prints_asks_first_then_voids(
    slug: str, typed: dict[str, str], journey: Journey
) -> None:
    onboarding, client = journey.to(State.SUBMISSION), browser(journey.owner)
    url = reverse("employers:wages") if slug == "wages" else step_url(slug)
    events, mails = len(verbs(onboarding)), Notification.objects.count()
    page = fill_in(client, url, typed)
    assert page.words("//div[@role='alert']/h2") == ["This changes what the signed agreement says"]
    assert page.fields().items() >= typed.items()
    assert (now(onboarding).state, agreements(onboarding)) == ("submission", [(1, "signed")])
    assert (len(verbs(onboarding)), Notification.objects.count()) == (events, mails)
    assert visit(client, url).fields().items().isdisjoint(typed.items())
    page = press(client, page, {}, "voids_signature=yes")
    assert page.notices == [VOIDED, "Draft saved."]
    assert (now(onboarding).state, agreements(onboarding)) == ("agreement", [(1, "void")])
    assert visit(client, url).fields().items() >= typed.items()
    assert Notification.objects.filter(name="agreement_reopened").count() == 1
    signed = Agreement.objects.get()
    assert (signed.signatures.count(), signed.ended_at is not None) == (1, True)


def test_voided_wages_become_a_new_version_and_the_signed_one_stays(journey: Journey) -> None:
    onboarding, client = journey.to(State.SUBMISSION), browser(journey.owner)
    fill_in(client, reverse("employers:wages"), {"periods-0-rate": "22.00"}, "voids_signature=yes")
    rows = WageSchedule.objects.filter(employer=onboarding.employer).order_by("version")
    rates = [(row.version, str(row.periods.first().rate), row.locked_at is None) for row in rows]
    assert rates == [(1, "21.00", False), (2, "22.00", True)]


def test_printed_change_that_also_breaks_a_step_goes_back_to_that_step(journey: Journey) -> None:
    onboarding, client = journey.to(State.SUBMISSION), browser(journey.owner)
    page = fill_in(client, step_url("get-started"), {"street": ""}, "voids_signature=yes")
    assert page.notices == [
        "Your organization needs another look: Enter the street address.",
        VOIDED,
        "Draft saved.",
    ]
    assert (now(onboarding).state, agreements(onboarding)) == ("get_started", [(1, "void")])


def test_changing_back_what_was_typed_asks_for_nothing(journey: Journey) -> None:
    onboarding, client = journey.to(State.SUBMISSION), browser(journey.owner)
    assert fill_in(client, step_url("get-started"), {}, "voids_signature=yes").notices == ["Draft saved."]
    assert (now(onboarding).state, agreements(onboarding)) == ("submission", [(1, "signed")])


def test_openings_and_funding_raised_together_need_no_step_back(journey: Journey) -> None:
    onboarding, client = journey.to(State.SUBMISSION), browser(journey.owner)
    FundingSource.objects.update(amount=50_000)
    Mentor.objects.update(apprentices_carried=0)
    Employer.objects.filter(pk=onboarding.employer.pk).update(contact_phone="555-555-0199")
    page = fill_in(client, step_url("position"), {"positions-0-openings": "1"})
    assert (page.notices, now(onboarding).state) == (["Draft saved."], "submission")
