"""An uploaded logo: a safe picture of a fixed size or a clear refusal, whatever it is, within bounded memory."""

import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from employers import logos
from tests.employers.logo_files import CORPUS, logo

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
# Megabytes that one upload may take beyond what the process has, four copies of 10 million pixels among them.
MOST_MEMORY = 260
# Their corner is not white.
UNEVEN = ("sixteen.png", "sixteen-colors.png", "gps.jpg")


def kept(content: bytes, name: str = "logo.png") -> logos.Logo:
    return logos.checked(SimpleUploadedFile(name, content, "image/png"))


@pytest.mark.parametrize("name", CORPUS)
def test_corpus_gives_a_safe_picture_or_a_clear_refusal(name: str) -> None:
    make, reason = CORPUS[name]
    content = make()
    if reason:
        with pytest.raises(ValidationError) as refusal:
            kept(content, name)
        assert reason in refusal.value.messages[0]
        return
    made = kept(content, name)
    for size, pixels in logos.SIZES.items():
        with Image.open(BytesIO(made.files[size])) as image:
            image.load()
            assert (image.format, image.mode, image.size) == ("WEBP", "RGB", pixels)
            assert name in UNEVEN or image.getpixel((0, 0)) == (255, 255, 255)
        assert made.files[size][12:16] in (b"VP8 ", b"VP8L")  # a picture and no room for anything beside it
        for secret in (b"Secret Camera", b"script", b"PK\x03\x04", b"GPS"):
            assert secret not in made.files[size]


def test_same_logo_has_the_same_name_and_another_one_another() -> None:
    assert kept(logo()).sha256 == kept(logo() + b"trailing").sha256
    assert kept(logo()).sha256 != kept(logo(size=(601, 300))).sha256


JUDGE = """
import pathlib, re, sys
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from employers import logos
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]) // 1024
before = peak()
for file in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    try:
        logos.checked(SimpleUploadedFile(file.name, file.read_bytes()))
    except ValidationError:
        pass
print(peak() - before)
"""


def test_memory_is_bounded_for_the_whole_corpus(tmp_path: Path) -> None:
    for name, (make, _reason) in CORPUS.items():
        (tmp_path / name).write_bytes(make())
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "apprenticeship.settings", "DEBUG": "1"}
    run = [sys.executable, "-c", JUDGE, str(tmp_path)]
    done = subprocess.run(run, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    megabytes = int(done.stdout)
    assert 0 < megabytes < MOST_MEMORY, megabytes
