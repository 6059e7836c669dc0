"""Where staff keep what the program prints, requires and judges by."""

from . import change_reasons, program, questions, registration, reviewers, wages
from .versions import VersionAdmin

__all__ = ["VersionAdmin", "change_reasons", "program", "questions", "registration", "reviewers", "wages"]
