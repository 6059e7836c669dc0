"""What the employer's signature leads to: the next step of an application, or AAMI's desk for an amendment."""

from apprenticeship.accounts.models import User
from employers import amending
from employers.amended import Amended
from employers.application import Application
from employers.models import PaperScan, SigningLink
from employers.transitions import advance


def go_on(case: Application, *, by: User | SigningLink | PaperScan, letter: str = "") -> None:
    """Move on what was just signed, in the transaction of the signature.

    Raises NotReady or TransitionNotAllowed if it does not hold any longer.
    """
    if isinstance(case, Amended):
        amending.signed(case, by=by)
    else:
        advance(case.onboarding, "sign_agreement", by=by, letter=letter)
