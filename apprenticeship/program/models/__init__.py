from .agreement_template import AgreementTemplate, AgreementText, Clause
from .change_reason import ChangeReason
from .funding_fact import FundingFact
from .minimum_wage import MinimumWage
from .program import Approach, Program, ProgramNotConfigured
from .program_document import ProgramDocument
from .question import Question
from .registration import AgencyKind, ChecklistItem, RegistrationAgency
from .reminder_plan import ReminderPlan
from .reviewer_regions import ReviewerRegions

__all__ = [
    "AgencyKind",
    "AgreementTemplate",
    "AgreementText",
    "Approach",
    "ChangeReason",
    "ChecklistItem",
    "Clause",
    "FundingFact",
    "MinimumWage",
    "Program",
    "ProgramDocument",
    "ProgramNotConfigured",
    "Question",
    "RegistrationAgency",
    "ReminderPlan",
    "ReviewerRegions",
]
