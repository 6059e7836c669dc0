"""Where staff keep what the program prints, requires and judges by."""

from . import program, wages
from .versions import VersionAdmin

__all__ = ["VersionAdmin", "program", "wages"]
