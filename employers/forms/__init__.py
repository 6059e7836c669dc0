"""The forms of the eight steps, one part of the application each."""

from employers.forms.funding import FundingPart
from employers.forms.mentor import MentorPart
from employers.forms.part import PartForm
from employers.forms.position import PositionPart
from employers.forms.profile import ProfilePart
from employers.forms.signatory import SignatoryPart
from employers.forms.standards import StandardsPart
from employers.forms.wages import WagesPart

__all__ = [
    "FundingPart",
    "MentorPart",
    "PartForm",
    "PositionPart",
    "ProfilePart",
    "SignatoryPart",
    "StandardsPart",
    "WagesPart",
]
