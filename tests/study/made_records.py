"""Records of papers on three subjects, in two lots, and the settings of a study of them."""

from tests.conftest import QUICK
from tests.themes.made_fit import make_texts

TOML = f"""# Papers on three subjects.
[corpus]
sources = [
  "papers.jsonl",  # the first lot
]
{QUICK}[themes]
n_alternatives = 4
[[themes.named]]
name = "Robotics"
phrases = ["robot manipulation", "robotic grasping"]
"""
LATE = [f"{letter}{row}again" for letter in "rsc" for row in (4, 5, 6)]


def make_records(texts):
    return [
        {"id": name, "title": text.split(". ", 1)[0], "abstract": text.split(". ", 1)[1],
         "published": f"{2010 + number % 12}-0{1 + number % 9}-1{number % 9}"}
        for number, (name, text) in enumerate(texts.items())
    ]  # fmt: skip


RECORDS = make_records(make_texts())
FIRST = [record for record in RECORDS if record["id"] not in LATE]
SECOND = [record for record in RECORDS if record["id"] in LATE]
