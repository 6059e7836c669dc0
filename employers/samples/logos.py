"""Entries of the sample partners for the public pages, with logos drawn here and marked as samples."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont

from apprenticeship.accounts.models import User
from employers import logo_cards, logos
from employers.models import Employer, Role
from employers.onboarding import State

SIZE = (960, 480)
MARK = (80, 90, 280, 290)
INKS = ("#0b5d7a", "#7a2e0b", "#1a7049", "#5b3a8c", "#8a1f4b", "#2f4858")


def show_partners(reviewer: User) -> None:
    """Let every active sample partner appear, except the last, whose entry waits for AAMI."""
    partners = list(Employer.objects.filter(onboarding__state=State.ACTIVE).order_by("onboarding__pk"))
    for number, employer in enumerate(partners):
        owner = employer.memberships.get(role=Role.OWNER, is_active=True).user
        upload = SimpleUploadedFile("logo.png", draw(employer.legal_name, number))
        answers = logo_cards.Answers(
            display_name=employer.legal_name, website="https://www.example.org",
            alt_text=f"Sample logo of {employer.legal_name}", logo=logos.checked(upload),
        )  # fmt: skip
        card = logo_cards.save(employer.onboarding, answers, opened="", by=owner)
        logo_cards.send(employer.onboarding, card, by=owner)
        if employer != partners[-1]:
            logo_cards.approve(card, by=reviewer)


def draw(name: str, number: int) -> bytes:
    """Return a PNG: a mark in one of six inks, the first words of a name, and that it is a sample."""
    ink, words = INKS[number % len(INKS)], name.split()
    image = Image.new("RGBA", SIZE, (255, 255, 255, 0))
    pen = ImageDraw.Draw(image)
    _mark(pen, number, ink)
    pen.text((330, 95), words[0], ink, font=ImageFont.load_default(110))
    pen.text((334, 225), " ".join(words[1:3]), "#33444f", font=ImageFont.load_default(58))
    pen.text((334, 370), "SAMPLE", "#5a6b75", font=ImageFont.load_default(44))
    stored = BytesIO()
    image.save(stored, "PNG")
    return stored.getvalue()


def _mark(pen: ImageDraw.ImageDraw, number: int, ink: str) -> None:
    """Draw one of three simple marks."""
    left, top, right, bottom = MARK
    middle, center = (left + right) // 2, (top + bottom) // 2
    if number % 3 == 0:
        pen.ellipse(MARK, ink)
        pen.rectangle((middle - 18, top + 40, middle + 18, bottom - 40), "white")
        pen.rectangle((left + 40, center - 18, right - 40, center + 18), "white")
    elif number % 3 == 1:
        pen.rounded_rectangle(MARK, 40, ink)
        beat = [(left + 20, center), (middle - 35, center), (middle, top + 40), (middle + 30, bottom - 40)]
        pen.line([*beat, (middle + 50, center), (right - 20, center)], "white", 18, joint="curve")
    else:
        pen.polygon([(middle, top), (right, center), (middle, bottom), (left, center)], ink)
        pen.ellipse((middle - 35, center - 35, middle + 35, center + 35), "white")
