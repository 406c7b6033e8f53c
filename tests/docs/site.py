"""The built site: its pages, and what they refer to."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

from tests.conftest import REPOSITORY

DOCS = REPOSITORY / "docs"
MADE = ("_build", "reference", "gallery", "measured", "__pycache__")


class Site(NamedTuple):
    """A built site, and how its build ended."""

    folder: Path
    code: int
    said: str

    def read(self, name):
        """A page without its markup."""
        return LexborHTMLParser((self.folder / name).read_text(encoding="utf-8")).css_first("article").text()


def build(study, folder):
    """Build the site of a study from a copy of its sources, warnings being errors."""
    source, out = folder / "docs", folder / "site"
    shutil.copytree(DOCS, source, ignore=shutil.ignore_patterns(*MADE))
    options = ["-W", "--keep-going", "-q", "-b", "html", "-D", f"themeline_study={study}"]
    command = [sys.executable, "-m", "sphinx", *options, str(source), str(out)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=300, check=False)
    return Site(out, done.returncode, done.stdout + done.stderr)


def list_pages():
    """Every page that is written by hand."""
    return sorted(path for path in DOCS.rglob("*.md") if not set(path.relative_to(DOCS).parts) & set(MADE))


def list_blocks(language):
    """Every block of code in that language, or in none that is named: page and text."""
    for page in list_pages():
        text = page.read_text(encoding="utf-8")
        for found, block in re.findall(r"^```([^\n]*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
            if found == language:
                yield page.relative_to(DOCS).as_posix(), block
