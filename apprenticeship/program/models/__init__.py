from .agreement_template import AgreementTemplate, AgreementText, Clause
from .change_reason import ChangeReason
from .funding_fact import FundingFact
from .minimum_wage import MinimumWage
from .program import Approach, Program, ProgramNotConfigured
from .program_document import ProgramDocument
from .reminder_plan import ReminderPlan
from .reviewer_regions import ReviewerRegions

__all__ = [
    "AgreementTemplate",
    "AgreementText",
    "Approach",
    "ChangeReason",
    "Clause",
    "FundingFact",
    "MinimumWage",
    "Program",
    "ProgramDocument",
    "ProgramNotConfigured",
    "ReminderPlan",
    "ReviewerRegions",
]
