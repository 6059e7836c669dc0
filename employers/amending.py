"""The moves of an amendment: MOVES lists them, `move` makes them, and the rest says what each brings with it.

Each public function is one transaction: lock, who may, from where, the move, its event, its effects, its mail. It
raises NotAllowed, TransitionNotAllowed (somebody was quicker), NotReady or ValidationError, and then nothing is stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_fsm import TransitionNotAllowed

from apprenticeship.accounts.models import User
from apprenticeship.records.events import record
from employers import carrying_out, final_paper, letters, papers, permissions, signing
from employers.amended import Amended
from employers.completeness import NotReady, gaps, unconfirmed
from employers.models import Agreement, Amendment, Onboarding, PaperScan, Signature, SigningLink
from employers.onboarding import LIVING, Actor, Part, Text
from employers.permissions import By, link_of, user_of

REVIEW = "employers.review_onboarding"
FINAL = ("final_agreement",)
S = Amendment.Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One move that an amendment allows; it reads like an edge of the eight steps."""

    name: str
    sources: tuple[str, ...]
    target: str
    actor: Actor
    label: Text
    happened: Text
    email: str = ""
    staff_email: str = ""
    permission: str = ""
    needs_reason: bool = False
    staff_papers: tuple[str, ...] = ()
    employer_papers: tuple[str, ...] = ()


MOVES: tuple[Move, ...] = (
    Move(
        name="sign", sources=(S.DRAFT,), target=S.SIGNED, actor=Actor.SIGNATORY,
        label=gettext_lazy("Sign the amendment"), happened=gettext_lazy("Amendment signed by the employer"),
        email="amendment_signed", staff_email="amendment_to_countersign", employer_papers=("employer_agreement",),
    ),
    Move(
        name="countersign", sources=(S.SIGNED,), target=S.IN_FORCE, actor=Actor.REVIEWER,
        permission="employers.countersign_agreement", label=gettext_lazy("Countersign the amendment"),
        happened=gettext_lazy("Amendment countersigned by AAMI and in force"), email="amendment_in_force",
        staff_email="amendment_countersigned", staff_papers=FINAL, employer_papers=FINAL,
    ),
    Move(
        name="send_back", sources=(S.SIGNED,), target=S.DRAFT, actor=Actor.REVIEWER, permission=REVIEW,
        needs_reason=True, label=gettext_lazy("Send back"), happened=gettext_lazy("Amendment sent back by AAMI"),
        email="amendment_sent_back",
    ),
    Move(
        name="decline", sources=(S.SIGNED,), target=S.DECLINED, actor=Actor.REVIEWER, permission=REVIEW,
        needs_reason=True, label=gettext_lazy("Decline the amendment"),
        happened=gettext_lazy("Amendment declined by AAMI"), email="amendment_declined",
    ),
    Move(
        name="take_back", sources=(S.SIGNED,), target=S.DRAFT, actor=Actor.OWNER, needs_reason=True,
        label=gettext_lazy("Take back to change it"), happened=gettext_lazy("Amendment taken back by the employer"),
        email="amendment_taken_back", staff_email="amendment_gone",
    ),
    Move(
        name="withdraw", sources=(S.DRAFT, S.SIGNED), target=S.WITHDRAWN, actor=Actor.OWNER, needs_reason=True,
        label=gettext_lazy("Withdraw the amendment"), happened=gettext_lazy("Amendment withdrawn"),
        email="amendment_withdrawn", staff_email="amendment_gone",
    ),
)  # fmt: skip
MOVE_BY_NAME = {move.name: move for move in MOVES}
VERBS: dict[str, Text] = {
    "amendment_started": gettext_lazy("Amendment started"),
    "amendment_closed": gettext_lazy("Amendment closed, because the partnership ended"),
    **{f"amendment_{move.name}": move.happened for move in MOVES},
}


@transaction.atomic
def signed(case: Amended, *, by: User | SigningLink | PaperScan) -> Amendment:
    """Hand an amendment that the employer has just signed, or whose scan was uploaded, to AAMI."""
    onboarding, amendment = _hold(case.amendment)
    fresh = Amended(onboarding, amendment)
    _check(MOVE_BY_NAME["sign"], fresh, by)
    missing = gaps(fresh, *signing.to_hold(fresh), Part.AGREEMENT)
    if missing or fresh.agreement is None:
        raise NotReady(missing)
    papers.order_agreement(fresh.agreement, by=user_of(by))
    papers.order_wage_schedule(fresh, fresh.agreement, by=user_of(by))
    source = _settle(amendment, S.SIGNED, "")
    facts = {"is_on_paper": isinstance(by, PaperScan)}
    return _tell(amendment, onboarding, "sign", by=by, source=source, facts=facts)


@transaction.atomic
def countersign(
    amendment: Amendment,
    *,
    by: User,
    title: str,
    typed_name: str,
    sha256: str,
    ip: str | None,
    browser: str,
    known: signing.Identity = signing.BY_ACCOUNT,
) -> Amendment:
    """Sign for AAMI the text with this SHA-256, and put it in force: the live data change here, with it.

    Raises signing.TextChanged, and NotReady if the wages do not hold by today's rows or a scan is not confirmed.
    """
    onboarding, amendment = _hold(amendment)
    case = Amended(onboarding, amendment)
    _check(MOVE_BY_NAME["countersign"], case, by)
    signing.check_name(by, typed_name)
    agreement = case.agreement
    missing = gaps(case, *signing.to_hold(case), Part.AGREEMENT) + unconfirmed(case)
    if missing or agreement is None:
        raise NotReady(missing)
    signing.sign(
        agreement, Signature.Party.SPONSOR, by=by, name=" ".join(typed_name.split()), title=title, sha256=sha256,
        ip=ip, browser=browser, known=known,
    )  # fmt: skip
    agreement.refresh_from_db()
    signing.put_in_force(agreement)
    former = str(onboarding.employer)
    carrying_out.carry_out(case, by=by)
    source = _settle(amendment, S.IN_FORCE, "")
    live = carrying_out.checked(onboarding, agreement)
    final_paper.order_final(live, agreement, by=by)
    renamed = {"former_name": former if former != str(live.employer) else ""}
    return _tell(amendment, live.onboarding, "countersign", by=by, source=source, facts=renamed)


def send_back(amendment: Amendment, *, by: User, reason: str) -> Amendment:
    """Void the employer's signature and hand the amendment back, with what has to change."""
    return _end_signature(amendment, "send_back", by=by, reason=reason)


def decline(amendment: Amendment, *, by: User, reason: str) -> Amendment:
    """Refuse the amendment for good; the agreement in force stays."""
    return _end_signature(amendment, "decline", by=by, reason=reason)


def take_back(amendment: Amendment, *, by: User, reason: str) -> Amendment:
    """Void the employer's own signature, to change the amendment once more."""
    return _end_signature(amendment, "take_back", by=by, reason=reason)


def withdraw(amendment: Amendment, *, by: User, reason: str) -> Amendment:
    """Give the amendment up; the agreement in force stays."""
    return _end_signature(amendment, "withdraw", by=by, reason=reason)


def close_open(onboarding: Onboarding, *, by: User | None, reason: str) -> None:
    """End the open amendment of a partnership that ends, in the transaction of that move."""
    amendment = Amendment.objects.open_for(onboarding.employer)
    if amendment is None:
        return
    _void(Amended(onboarding, amendment), by=by, reason=reason)
    _settle(amendment, S.WITHDRAWN, reason)
    record(onboarding.employer.chain, "amendment_closed", by=by, subject=amendment)


@transaction.atomic
def _end_signature(amendment: Amendment, name: str, *, by: User, reason: str) -> Amendment:
    onboarding, amendment = _hold(amendment)
    case = Amended(onboarding, amendment)
    _check(MOVE_BY_NAME[name], case, by)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    _void(case, by=by, reason=reason)
    source = _settle(amendment, MOVE_BY_NAME[name].target, reason)
    return _tell(amendment, onboarding, name, by=by, reason=reason, source=source)


def _hold(amendment: Amendment) -> tuple[Onboarding, Amendment]:
    """Return case and amendment as they are now, locked until the transaction ends."""
    pk = Onboarding.objects.values_list("pk", flat=True).get(employer=amendment.employer_id)
    onboarding = Onboarding.objects.locked(pk)
    rows = Amendment.objects.select_for_update(of=("self",)).select_related("wage_schedule")
    return onboarding, rows.get(pk=amendment.pk)


def _check(move: Move, case: Amended, by: By) -> None:
    """Raise unless `by` may make this move from where the amendment is."""
    permissions.check(move, case.onboarding, by)
    if case.amendment.status not in move.sources or case.onboarding.state not in LIVING:
        raise TransitionNotAllowed(f"{move.name} from {case.amendment.status}")


def _void(case: Amended, *, by: User | None, reason: str) -> None:
    """End what was presented or signed of an amendment, and every link to it."""
    signing.revoke_links(case.employer, by=by)
    agreement = case.agreement
    if agreement and agreement.status == Agreement.Status.PRESENTED:
        signing.supersede(agreement, _("The amendment was withdrawn before it was signed"))
    elif agreement:
        signing.void(agreement, by=by, reason=reason)


def _settle(amendment: Amendment, status: str, reason: str) -> str:
    """Set the state and return the one before."""
    source = str(amendment.status)
    amendment.status, amendment.state_since, amendment.reason = status, timezone.now(), reason
    amendment.save(update_fields=["status", "state_since", "reason"])
    return source


def _tell(
    amendment: Amendment,
    onboarding: Onboarding,
    name: str,
    *,
    by: By,
    source: str,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
) -> Amendment:
    """Append the event of a move that was made, and queue its mail."""
    move = MOVE_BY_NAME[name]
    data = {"from": source, "to": move.target} | link_of(by)  # the words stay with the amendment
    record(onboarding.employer.chain, f"amendment_{name}", by=user_of(by), subject=amendment, data=data)
    pages = {
        "action_url": settings.SITE_URL + reverse("employers:amendment"),
        "staff_url": settings.SITE_URL + reverse("admin:employers_amendment_change", args=[amendment.pk]),
        "amendment": str(amendment),
    }
    # Staff who never heard of a draft need no mail that it is gone.
    knows = source != S.DRAFT or move.target == S.SIGNED
    letters.send_for(
        onboarding, [move], by=by, reason=reason, facts=pages | dict(facts or {}), tells_staff=knows
    )
    return amendment
