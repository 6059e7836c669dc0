"""Employers, their people, and everything their way to partnership stores."""

from employers.models.agreement import Agreement, Signature
from employers.models.amendment import Amendment
from employers.models.answers import Acknowledgment, FundingSource, Mentor, Position
from employers.models.conversation import InternalNote, Message, ReviewDraft
from employers.models.desk_figures import DeskFigures
from employers.models.employer import Employer, Site
from employers.models.logo_card import LogoCard
from employers.models.move import Move
from employers.models.onboarding import Onboarding, PartVersion
from employers.models.paper import PaperScan
from employers.models.people import Invitation, Membership, Role
from employers.models.preview_link import PreviewLink
from employers.models.registration import (
    AttemptCheck,
    Registration,
    RegistrationAttempt,
    SendingCorrection,
)
from employers.models.review import ChangeRequest, FinePart, FlaggedPart, Submission
from employers.models.signing_code import SigningCode
from employers.models.signing_link import SigningLink
from employers.models.wages import WagePeriod, WageSchedule

__all__ = [
    "Acknowledgment",
    "Agreement",
    "Amendment",
    "AttemptCheck",
    "ChangeRequest",
    "DeskFigures",
    "Employer",
    "FinePart",
    "FlaggedPart",
    "FundingSource",
    "InternalNote",
    "Invitation",
    "LogoCard",
    "Membership",
    "Mentor",
    "Message",
    "Move",
    "Onboarding",
    "PaperScan",
    "PartVersion",
    "Position",
    "PreviewLink",
    "Registration",
    "RegistrationAttempt",
    "ReviewDraft",
    "Role",
    "SendingCorrection",
    "Signature",
    "SigningCode",
    "SigningLink",
    "Site",
    "Submission",
    "WagePeriod",
    "WageSchedule",
]
