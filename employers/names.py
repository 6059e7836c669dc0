"""Names, numbers and addresses in one shape, so that two ways to write the same are seen as the same.

Pure functions over texts. An empty key says that there is too little to compare.
"""

import re
import unicodedata

# What a legal name may carry or not: "The Lakeside Hospital, Inc." is "Lakeside Hospital".
LEGAL_FORMS = {
    "inc", "incorporated", "corp", "corporation", "co", "company", "llc", "llp", "lp", "ltd", "limited",
    "pc", "pllc", "plc",
}  # fmt: skip
SHORTENED = {
    "street": "st", "avenue": "ave", "av": "ave", "road": "rd", "drive": "dr", "boulevard": "blvd", "lane": "ln",
    "court": "ct", "place": "pl", "circle": "cir", "highway": "hwy", "parkway": "pkwy", "square": "sq",
    "suite": "ste", "north": "n", "south": "s", "east": "e", "west": "w",
}  # fmt: skip
SHORTEST_NAME = 4  # letters; below that a match says nothing


def name_key(name: str) -> str:
    """Return a legal name in lower case without accents, punctuation, article and legal form."""
    words = _words(name.replace("&", " and ").replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", ""))
    words = words[1:] if words[:1] == ["the"] else words
    while words and words[-1] in LEGAL_FORMS:
        words.pop()
    key = " ".join(words)
    return key if len(key) >= SHORTEST_NAME else ""


def address_key(street: str, zip_code: str) -> str:
    """Return street and five-digit ZIP code with the usual words shortened."""
    words = [SHORTENED.get(word, word) for word in _words(street)]
    place = zip_code.strip()[:5]
    return f"{' '.join(words)} {place}" if words and len(place) == 5 else ""


def ein_key(ein: str) -> str:
    """Return the nine digits of an EIN."""
    digits = re.sub(r"\D", "", ein)
    return digits if len(digits) == 9 else ""


def same_words(one: str, other: str) -> bool:
    """Whether two texts are the same words, whatever their case and spacing."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return re.findall(r"[a-z0-9]+", plain.replace(".", ""))
