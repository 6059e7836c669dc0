"""What somebody types into the interest form."""

INTEREST = "/interest/"
ANSWERS = {
    "name": "Ada Ortiz",
    "email": "ada@example.org",
    "zip_code": "53202",
    "is_of_age": "on",
    "is_consenting": "on",
    "consent_version": "1",
    "leave_empty": "",
}
