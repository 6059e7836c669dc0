"""Candidates, their links, and what partners see and note."""

from apprentices.models.candidate import Candidate
from apprentices.models.consent import ConsentText
from apprentices.models.deletion import Deletion
from apprentices.models.invitation import ForgottenAddress, Invitation, InvitationList
from apprentices.models.link import PageLink
from apprentices.models.partner import Disclosure, PositionNews, Progress, WeeklyLink, WeeklySearch

__all__ = [
    "Candidate",
    "ConsentText",
    "Deletion",
    "Disclosure",
    "ForgottenAddress",
    "Invitation",
    "InvitationList",
    "PageLink",
    "PositionNews",
    "Progress",
    "WeeklyLink",
    "WeeklySearch",
]
