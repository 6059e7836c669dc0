"""Who may do what with an amendment, and what it may not do: actor × act, two tabs, at once, sites, wages, the end."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from apprenticeship.accounts.models import User
from apprenticeship.accounts.roles import REVIEWERS
from apprenticeship.records.models import Event, Notification
from apprenticeship.records.verification import check_chains, registered
from employers import amending, desk, drafting
from employers.amended import Amended
from employers.application import Application
from employers.completeness import gaps
from employers.models import (
    Amendment,
    Employer,
    Membership,
    Mentor,
    Onboarding,
    Role,
    Site,
    WageSchedule,
)
from employers.onboarding import Part, State
from employers.permissions import NotAllowed
from employers.samples.amendment import propose
from employers.samples.journey import Journey
from employers.transitions import TransitionNotAllowed
from tests.employers.amending import (
    OVERVIEW,
    PARTIES,
    SITES,
    START,
    VERSIONS,
    WAGES,
    amendment,
    decide,
    decide_at,
    draft,
    sign_in_portal,
    statuses,
    typed,
)
from tests.employers.answers import mailed_code
from tests.employers.stored import StoredJourney
from tests.pages import Page, fill_in, press, visit
from tests.people import browser, colleague_of, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def active(journey: Journey) -> Onboarding:
    """An active partner."""
    return journey.to(State.ACTIVE)


@pytest.fixture
def owner_client(journey: Journey, active: Onboarding) -> Client:
    """Its owner's browser."""
    return browser(journey.owner)


@pytest.fixture
def signed(journey: StoredJourney, active: Onboarding) -> Amendment:
    """An amendment that waits for AAMI."""
    journey.once("amendment proposed", lambda: propose(journey))
    return amendment()


def staff(name: str, journey: Journey) -> User:
    """Return one of the people of a matrix."""
    made: dict[str, Callable[[], User]] = {
        "owner": lambda: journey.owner,
        "editor": lambda: colleague_of(journey.onboarding.employer, Role.EDITOR),
        "viewer": lambda: colleague_of(journey.onboarding.employer, Role.VIEWER),
        "outsider": lambda: person("out@example.org", "Oscar Outside"),
        "reviewer": lambda: journey.reviewer,
        "manager": lambda: journey.manager,
    }
    return made[name]()


MATRIX = {
    # act: who may, of those below
    "start": ("owner", "editor"),
    "send_back": ("reviewer", "manager"),
    "decline": ("reviewer", "manager"),
    "countersign": ("reviewer", "manager"),
    "take_back": ("owner",),
    "withdraw": ("owner",),
}
PEOPLE = ("owner", "editor", "viewer", "outsider", "reviewer", "manager")


def act(name: str, row: Amendment, by: User) -> Any:
    """Do something with an amendment, as a page would."""
    if name == "start":
        return drafting.start(Onboarding.objects.get(), by=by)
    if name == "countersign":
        sha256 = row.agreements.latest("version").sha256
        return amending.countersign(
            row, by=by, title="Director", typed_name=by.name, sha256=sha256, ip=None, browser=""
        )
    if name == "sign":
        onboarding = Onboarding.objects.select_related("employer").get()
        return amending.signed(Amended(onboarding, row), by=by)
    return getattr(amending, name)(row, by=by, reason="A good reason.")


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("name", MATRIX)
def test_only_those_of_the_table_may_act(name: str, who: str, journey: Journey, signed: Amendment) -> None:
    by = staff(who, journey)
    if who in MATRIX[name]:
        act(name, signed, by)
        return
    with pytest.raises(NotAllowed), transaction.atomic():
        act(name, signed, by)
    assert (amendment().status, statuses()) == ("signed", ["in_force", "signed"])


def test_staff_who_belong_to_the_employer_do_not_decide(journey: Journey, signed: Amendment) -> None:
    Membership.objects.create(employer=signed.employer, user=journey.reviewer, role=Role.VIEWER)
    page = decide(browser(journey.reviewer), "countersign", journey.reviewer)
    assert (page.status, amendment().status) == (403, "signed")
    assert "You belong to this organization" in page.text


@pytest.mark.parametrize("name", ["countersign", "send_back", "decline"])
def test_forged_posts_of_staff_without_the_permission_change_nothing(
    name: str, journey: Journey, signed: Amendment
) -> None:
    reader = person("reader@example.org", "Rita Reader", staff=REVIEWERS)
    reader.groups.clear()
    reader.is_staff = True
    reader.save()
    for user in (reader, journey.owner):
        assert browser(user).post(decide_at(name), typed(name, user)).status_code in (302, 403)
    assert (amendment().status, statuses()) == ("signed", ["in_force", "signed"])


@pytest.mark.parametrize("name", ["sign", "countersign", "send_back", "decline", "take_back", "withdraw"])
@pytest.mark.parametrize("status", Amendment.Status)
def test_moves_start_where_the_table_says(
    name: str, status: str, journey: Journey, signed: Amendment
) -> None:
    Amendment.objects.update(status=status)
    row = Amendment.objects.get()
    by = journey.reviewer if name in ("countersign", "send_back", "decline") else journey.owner
    if status in amending.MOVE_BY_NAME[name].sources:
        return
    with pytest.raises(TransitionNotAllowed), transaction.atomic():
        act(name, row, by)
    assert amendment().status == status


def test_one_amendment_is_open_at_most(journey: Journey, owner_client: Client) -> None:
    owner_client.post(START)
    owner_client.post(START)
    assert Amendment.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Amendment.objects.create(employer=Employer.objects.get(), number=2)


@pytest.mark.parametrize("state", [State.AGREEMENT, State.REVIEW, State.REGISTRATION, State.ENDED])
def test_no_amendment_without_a_partnership(state: State, journey: Journey) -> None:
    journey.to(state)
    page = Page(browser(journey.owner).post(START, follow=True))
    assert (page.url, Amendment.objects.count()) == (VERSIONS, 0)
    assert page.notices == ["Amendments open when your agreement is in force and you are registered."]


def test_suspended_partner_amends_and_ended_one_does_not(journey: Journey, signed: Amendment) -> None:
    desk.suspend(Onboarding.objects.get(), by=journey.manager, reason="Rest.")
    amending.send_back(signed, by=journey.reviewer, reason="Once more.")
    assert visit(browser(journey.owner), SITES).status == 200
    desk.end(Onboarding.objects.get(), by=journey.manager, reason="Over.")
    assert (amendment().status, amendment().reason, statuses()) == (
        "withdrawn",
        "Over.",
        ["ended", "void"],
    )
    assert Event.objects.filter(verb="amendment_closed").count() == 1
    assert visit(browser(journey.owner), OVERVIEW).url == VERSIONS


def test_ending_with_a_signed_amendment_voids_its_signature(journey: Journey, signed: Amendment) -> None:
    desk.end(Onboarding.objects.get(), by=journey.manager, reason="Over.")
    assert (amendment().status, statuses()) == ("withdrawn", ["ended", "void"])


def test_stale_form_shows_both_and_loses_nothing(journey: Journey, owner_client: Client) -> None:
    owner_client.post(START)
    tab = visit(owner_client, PARTIES)
    fill_in(owner_client, PARTIES, {"dba_name": "Lakeside"})
    page = press(owner_client, tab, {"dba_name": "Lakeside Health"})
    assert (page.status, page.fields()["dba_name"]) == (409, "Lakeside Health")
    assert page.words("//table[contains(@class, 'compare')]//tbody/tr/td") == ["Lakeside Health", "Lakeside"]
    press(owner_client, page, {})
    assert amendment().proposal["employer"]["dba_name"] == "Lakeside Health"


def test_text_that_changed_while_it_was_open_signs_nothing(journey: Journey, owner_client: Client) -> None:
    draft(owner_client)
    page = Page(owner_client.post("/onboarding/agreement/present/", follow=True))
    fill_in(owner_client, PARTIES, {"legal_name": "Another Name"})
    assert statuses() == ["in_force", "superseded"]
    fields = page.fields() | {
        "consent": "on",
        "has_authority": "on",
        "title": "X",
        "full_name": journey.owner.name,
    }
    page = Page(owner_client.post("/onboarding/agreement/sign/", fields, follow=True))
    assert (page.url, amendment().status) == (OVERVIEW, "draft")
    assert page.notices[0].startswith("The text changed since you opened this page.")


def test_reviewer_who_comes_too_late_is_told(journey: Journey, signed: Amendment) -> None:
    client = browser(journey.reviewer)
    late = typed("countersign", journey.reviewer)
    amending.take_back(signed, by=journey.owner, reason="One more site.")
    page = Page(client.post(decide_at("countersign"), late))
    assert (page.status, amendment().status) == (409, "draft")
    assert "Somebody was quicker" in page.text


def test_second_click_countersigns_once(journey: Journey, signed: Amendment) -> None:
    client, facts = browser(journey.reviewer), typed("countersign", journey.reviewer)
    client.post(decide_at("countersign"), facts)
    facts |= {"confirm": "yes", "code": mailed_code()}
    answers = [client.post(decide_at("countersign"), facts).status_code for _click in range(2)]
    assert (answers, statuses()) == ([302, 409], ["superseded", "in_force"])
    assert Notification.objects.filter(name="amendment_in_force").count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"typed_name": "Somebody Else"}, "typed_name"),
        ({"has_authority": ""}, "has_authority"),
        ({"title": ""}, "title"),
    ],
)  # fmt: skip
def test_incomplete_countersignature_says_why(
    changed: dict[str, str], field: str, journey: Journey, signed: Amendment
) -> None:
    page = decide(browser(journey.reviewer), "countersign", journey.reviewer, **changed)
    assert (page.status, list(page.problems), amendment().status) == (422, [f"countersign-{field}"], "signed")


def test_another_hash_is_not_countersigned(journey: Journey, signed: Amendment) -> None:
    page = decide(browser(journey.reviewer), "countersign", journey.reviewer, sha256="0" * 64)
    assert (page.status, statuses()) == (409, ["in_force", "signed"])


def test_failing_wages_block_and_live_wages_stay(journey: Journey, owner_client: Client) -> None:
    owner_client.post(START)
    fill_in(owner_client, WAGES, {"periods-0-rate": "30.00"})
    page = visit(owner_client, OVERVIEW)
    assert any(
        "Each rate is higher than the one before" in gap
        for gap in page.words("//*[@class='error-summary mb-4']//li")
    )
    assert Page(owner_client.post("/onboarding/agreement/present/", follow=True)).url == OVERVIEW
    assert statuses() == ["in_force"]
    live = Application(Onboarding.objects.get()).wage_schedule
    assert live is not None
    assert live.periods.first().rate == Decimal("21.00")


def test_wages_set_back_to_what_is_in_force_are_no_change(journey: Journey, owner_client: Client) -> None:
    owner_client.post(START)
    fill_in(owner_client, WAGES, {"periods-0-rate": "22.00"})
    assert amendment().wage_schedule is not None
    fill_in(owner_client, WAGES, {"periods-0-rate": "21.00"})
    assert (amendment().wage_schedule, WageSchedule.objects.count()) == (None, 1)
    assert "Nothing yet." in visit(owner_client, OVERVIEW).text


def test_withdrawn_wages_never_become_the_live_ones(journey: Journey, owner_client: Client) -> None:
    owner_client.post(START)
    fill_in(owner_client, WAGES, {"periods-0-rate": "22.00"})
    sign_in_portal(owner_client, journey.owner.name)
    amending.withdraw(amendment(), by=journey.owner, reason="Not now.")
    live = Application(Onboarding.objects.get()).wage_schedule
    assert live is not None
    assert (live.version, live.periods.first().rate) == (1, Decimal("21.00"))
    owner_client.post(START)
    fill_in(owner_client, WAGES, {"periods-0-rate": "23.00"})
    sign_in_portal(owner_client, journey.owner.name)
    decide(browser(journey.reviewer), "countersign", journey.reviewer)
    live = Application(Onboarding.objects.get()).wage_schedule
    assert live is not None
    assert (live.version, live.periods.first().rate, statuses()) == (
        3,
        Decimal("23.00"),
        ["superseded", "void", "in_force"],
    )


def test_new_site_joins_and_removed_one_leaves_its_people_without_a_place(
    journey: Journey, owner_client: Client
) -> None:
    employer = Employer.objects.get()
    main, clinic = employer.sites.order_by("pk")
    Mentor.objects.create(
        employer=employer, site=clinic, name="Kim Mentor", title="T", email="k@example.org", years=3
    )
    owner_client.post(START)
    page = visit(owner_client, SITES)
    added = press(owner_client, page, {"sites-1-DELETE": "on"}, "add=sites")
    new = {"name": "East wing", "street": "5 B Street", "city": "Duluth", "state": "MN", "zip_code": "55805",
           "journeyworkers": "2", "gi_bill": "unknown"}  # fmt: skip
    page = press(owner_client, added, {f"sites-2-{name}": value for name, value in new.items()})
    assert page.url == OVERVIEW
    assert "Superior clinic: mentors there: Kim Mentor." in page.text
    assert list(employer.sites.values_list("name", flat=True)) == ["Main campus", "Superior clinic"]
    # What is not printed goes on being edited meanwhile.
    Site.objects.filter(pk=main.pk).update(journeyworkers=9)
    sign_in_portal(owner_client, journey.owner.name)
    decide(browser(journey.reviewer), "countersign", journey.reviewer)
    sites = employer.sites.order_by("pk")
    assert [(site.name, site.journeyworkers, site.time_zone) for site in sites] == [
        ("Main campus", 9, "America/Chicago"),
        ("East wing", 2, "America/Chicago"),
    ]
    mentor = Mentor.objects.get(name="Kim Mentor")
    assert mentor.site is None
    assert "Mentor 2: enter the site." in [
        gap.message for gap in gaps(Application(Onboarding.objects.get()), Part.MENTOR)
    ]
    assert "Mentor 2: enter the site." in visit(owner_client, "/organization/").text


def test_last_site_cannot_go(journey: Journey, owner_client: Client) -> None:
    owner_client.post(START)
    fill_in(owner_client, SITES, {"sites-0-DELETE": "on", "sites-1-DELETE": "on"})
    page = visit(owner_client, OVERVIEW)
    assert "Add at least one site where apprentices will train." in page.text


def test_sites_of_others_cannot_be_named(journey: Journey, owner_client: Client, outsider: User) -> None:
    from employers.people import found_employer

    other = Site.objects.create(employer=found_employer(outsider, "Other").employer, name="Theirs")
    owner_client.post(START)
    fill_in(owner_client, SITES, {"sites-0-site": str(other.pk)})
    names = [(row["id"], row["name"]) for row in amendment().proposal["sites"]]
    assert other.pk not in [key for key, _name in names]
    other.refresh_from_db()
    assert other.name == "Theirs"


@pytest.mark.parametrize("zip_code", ["99999", "5580", "55805"])
def test_bad_addresses_are_told_at_the_field(zip_code: str, journey: Journey, owner_client: Client) -> None:
    owner_client.post(START)
    page = fill_in(owner_client, PARTIES, {"zip_code": zip_code, "state": "WI"})
    assert (page.status, list(page.problems)) == (422, ["id_zip_code"])
    assert page.fields()["zip_code"] == zip_code


def test_editor_drafts_but_does_not_name_who_signs(journey: Journey, owner_client: Client) -> None:
    editor = browser(colleague_of(Employer.objects.get(), Role.EDITOR))
    editor.post(START)
    typed = {"legal_name": "Lakeside, Inc.", "signatory_name": "Mallory", "signatory_email": "m@example.org"}
    fill_in(editor, PARTIES, typed)
    proposal = amendment().proposal
    assert (proposal["employer"]["legal_name"], proposal["representative"]["signatory_name"]) == (
        "Lakeside, Inc.",
        "Dana Whitfield",
    )
    assert editor.post("/onboarding/agreement/present/").status_code == 403
    assert editor.post("/amendment/move/withdraw/", {"reason": "No."}).status_code == 403


def test_amendment_that_changes_nothing_cannot_be_signed(journey: Journey, owner_client: Client) -> None:
    owner_client.post(START)
    page = Page(owner_client.post("/onboarding/agreement/present/", follow=True))
    assert page.notices == ["Nothing is changed yet: the agreement in force says the same."]
    assert statuses() == ["in_force"]


def test_viewer_reads_the_amendment_and_changes_nothing(journey: Journey, signed: Amendment) -> None:
    viewer = browser(colleague_of(signed.employer, Role.VIEWER))
    assert visit(viewer, OVERVIEW).status == 200
    assert [viewer.post(PARTIES, {"legal_name": "X"}).status_code, viewer.post(START).status_code] == [
        403,
        403,
    ]


def test_signed_amendment_is_closed_to_edits(
    journey: Journey, owner_client: Client, signed: Amendment
) -> None:
    page = fill_in(owner_client, PARTIES, {"legal_name": "Late"})
    assert (page.status, amendment().proposal["employer"]["legal_name"]) == (
        409,
        "Lakeside Regional Medical Center",
    )
    assert page.fields()["legal_name"] == "Late"


def test_records_verify_after_an_amendment(journey: Journey, signed: Amendment) -> None:
    act("countersign", signed, journey.reviewer)
    found = [problem for check in registered().values() for problem in check() if problem]
    assert [*check_chains(), *found].count("") == len([*check_chains()])
    assert Event.objects.filter(verb__startswith="amendment_").count() == 5
    assert [row for row in Event.objects.filter(verb__startswith="amendment_") if "reason" in row.data] == []
