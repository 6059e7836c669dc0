import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from apprenticeship.program.models import Program, ProgramNotConfigured

pytestmark = pytest.mark.django_db


def test_seeded_program_is_valid_and_names_its_samples():
    program = Program.objects.current()

    program.full_clean()
    assert (program.rapids_code, program.onet_code) == ("0888HY", "49-9062.00")
    assert program.sample_note.startswith("These values are samples")


def test_current_program_missing_says_what_to_do():
    Program.objects.all().delete()

    with pytest.raises(ProgramNotConfigured, match="migrate"):
        Program.objects.current()


def test_program_is_one_row():
    program = Program.objects.current()
    program.pk = 2

    with pytest.raises(IntegrityError), transaction.atomic():
        program.save(force_insert=True)


@pytest.mark.parametrize(
    ("term", "longest"),
    [(4000, 1000), (6000, 1500), (10000, 2080)],  # 29 CFR 29.5(b)(8): a quarter, or one year
)
def test_probation_is_a_quarter_of_the_term_or_one_year(term, longest):
    program = Program.objects.current()
    program.term_hours, program.probation_hours = term, longest
    program.full_clean()

    program.probation_hours += 1

    with pytest.raises(ValidationError) as caught:
        program.full_clean()
    assert caught.value.message_dict == {
        "probation_hours": [
            f"At most {longest:,} hours: a quarter of the term or one year, 29 CFR 29.5(b)(8)."
        ]
    }


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("sponsor_program_number", "2021-DC-012345", "2021-dc-12345"),
        ("rapids_code", "0870CBV1", "888HY"),
        ("onet_code", "49-9062.00", "49-9062"),
        ("minimum_age", 18, 15),
        ("term_hours", 4000, 1999),
    ],
)
def test_program_codes_have_their_shape(field, good, bad):
    program = Program.objects.current()
    setattr(program, field, good)
    program.full_clean()

    setattr(program, field, bad)

    with pytest.raises(ValidationError) as caught:
        program.full_clean()
    assert field in caught.value.message_dict


@pytest.mark.parametrize(
    ("days", "wrong"),
    [
        ((90, 14, 365, 275), set()),
        ((90, 90, 365, 14), {"candidate_reminder_days"}),
        ((90, 14, 90, 14), {"candidate_erase_days"}),
        ((90, 14, 365, 276), {"candidate_notice_days"}),
        ((90, 14, 365, 0), {"candidate_notice_days"}),
    ],
)
def test_candidates_are_asked_then_hidden_then_told_then_deleted(days, wrong):
    program = Program.objects.current()
    program.candidate_reconfirm_days, program.candidate_reminder_days = days[:2]
    program.candidate_erase_days, program.candidate_notice_days = days[2:]
    found = set()
    try:
        program.full_clean()
    except ValidationError as error:
        found = set(error.message_dict)
    assert found == wrong
