"""What candidates choose from, and what partners filter by. Codes are stored, labels may be reworded."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Available(models.IntegerChoices):
    """When somebody could start: the number is months from when they said so."""

    NOW = 0, _("Right away")
    MONTH = 1, _("Within a month")
    QUARTER = 3, _("Within three months")
    HALF_YEAR = 6, _("Within six months")
    LATER = 12, _("In more than six months")


class Travel(models.IntegerChoices):
    """How far somebody would travel to work every day: the number is miles."""

    NEAR = 10, _("Up to 10 miles")
    TOWN = 25, _("Up to 25 miles")
    FAR = 50, _("Up to 50 miles")
    FARTHER = 100, _("Up to 100 miles")


class Moving(models.TextChoices):
    """Whether somebody would move for an apprenticeship."""

    NO = "no", _("No")
    STATE = "state", _("Yes, within the state")
    ANYWHERE = "anywhere", _("Yes, anywhere in the country")


class Education(models.IntegerChoices):
    """The highest so far; a higher number asks for more years."""

    SCHOOL = 1, _("Still in high school")
    HIGH_SCHOOL = 2, _("High school or GED")
    SOME_COLLEGE = 3, _("Some college or technical courses")
    CERTIFICATE = 4, _("Certificate or trade school")
    ASSOCIATE = 5, _("Associate degree")
    BACHELOR = 6, _("Bachelor’s degree or higher")


class Service(models.TextChoices):
    """Military service, asked because the GI Bill may pay an apprentice who served."""

    NONE = "none", _("No")
    VETERAN = "veteran", _("Yes, a veteran")
    SERVING = "serving", _("Yes, serving now: active duty, Guard or Reserve")


SERVED = (Service.VETERAN, Service.SERVING)


class Work(models.TextChoices):
    """Whether somebody works in the field already, so that their employer could enroll them."""

    FIELD = "field", _("Yes, with medical equipment")
    HEALTH_CARE = "health_care", _("Yes, elsewhere in health care")
    OTHER = "other", _("No")


class Heard(models.TextChoices):
    """How somebody heard of the program."""

    SCHOOL = "school", _("School or college")
    EMPLOYER = "employer", _("An employer or somebody who works in the field")
    AAMI = "aami", _("AAMI or its web site")
    MILITARY = "military", _("Military transition office")
    JOB_CENTER = "job_center", _("Job center or workforce board")
    FRIENDS = "friends", _("Family or friends")
    ONLINE = "online", _("Social media or a search")
    OTHER = "other", _("Somewhere else")


class Purpose(models.TextChoices):
    """Why an employer opens somebody's details."""

    OPENING = "opening", _("An apprenticeship that is open now")
    PLANNED = "planned", _("An apprenticeship planned within a year")
    OTHER_JOB = "step", _("Another job that can lead to an apprenticeship")


class Mark(models.TextChoices):
    """How far an employer has come with somebody. For the employer's own eyes."""

    NEW = "new", _("New")
    CONTACTED = "contacted", _("Contacted")
    INTERVIEWING = "interviewing", _("Interviewing")
    HIRED = "hired", _("Hired")
    NOT_NOW = "not_now", _("Not now")
