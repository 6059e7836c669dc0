"""What somebody types into the interest form."""

INTEREST = "/interest/"
# A fixture adds `opened`: the form was open for a minute.
ANSWERS = {
    "name": "Ada Ortiz",
    "email": "ada@example.org",
    "zip_code": "53202",
    "travel": "25",
    "moving": "state",
    "available": "3",
    "education": "2",
    "knows_electronics": "on",
    "service": "veteran",
    "is_of_age": "on",
    "is_consenting": "on",
    "consent_version": "2",
    "leave_empty": "",
}
