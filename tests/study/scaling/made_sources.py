"""Invented papers in several files that share much: ids, titles, texts, names of files."""

import json
from pathlib import Path

TEXT = (
    "quiet robots learn to carry glass through crowded kitchens while people walk past and talk about their day "
    "the arm slows down near every child and waits until the floor is clear again before it goes on to the sink "
    "we measure broken plates over a year in nine homes and ask all families what they would change about it"
)
WORDS = TEXT.split()


def make_abstract(number: int) -> str:
    """A text of its own for every number."""
    shift = number * 7
    return " ".join(
        f"{WORDS[(shift + place * (1 + number % 5)) % len(WORDS)]}{(number * place) % 11}" for place in range(150)
    )


def make_record(number: int, **changed: object) -> dict:
    """One paper; what is `changed` is another value of a field, or none where it is None."""
    title = f"Robots that carry {WORDS[number % 40]} number {number} across the house"
    record = {
        "id": f"p{number}",
        "title": title,
        "abstract": make_abstract(number),
        "published": f"20{10 + number % 12}-{1 + number % 12:02d}-{1 + number % 28:02d}",
        "authors": [f"Ann {WORDS[number % 30].title()}", "Bo Li"],
        "keywords": "home; glass" if number % 3 else "",
    }
    return {name: value for name, value in {**record, **changed}.items() if value is not None}


def write_sources(folder: Path) -> list[Path]:
    """Four files: repeated papers, one id for several, nearly the same text, no date, no text, another tongue."""
    german = "Wir bauen Maschinen, die Geschirr durch volle Küchen tragen, und fragen die Familien, was sie meinen."
    last = make_abstract(3).rsplit(" ", 1)[0]
    files = {
        "a/papers.jsonl": [make_record(number) for number in range(30)],
        # The same name of a file, and ids that are taken by other papers.
        "b/papers.jsonl": [
            *(make_record(number, id=f"p{number - 100}") for number in range(100, 112)),
            make_record(5, id="again", doi="10.1000/five"),
            make_record(6, id="papers:p1"),
            {"id": "void", "title": "", "abstract": ""},
        ],
        "c/more.jsonl": [
            make_record(5, id="third", doi="10.1000/five", abstract=None),
            make_record(3, id="near", title="Machines that carry cups", abstract=f"{last} twice", doi="10.1000/three"),
            make_record(200, id="undated", published=None),
            make_record(201, id="deutsch", title="Maschinen tragen Geschirr durch Küchen", abstract=german * 3),
            make_record(202, arxiv_id="2501.00007", url="https://arxiv.org/abs/2501.00007", published="2025-01-05"),
            # The id that the second file's first paper would be given.
            make_record(203, id="papers:p0"),
        ],
        "d/last.jsonl": [
            make_record(202, id="journal", doi="10.1000/journal", venue="Journal of Homes", published="2026-01-09"),
            make_record(204, title="Carry glass in every home with care", abstract=None),
            make_record(205, title="Carry glass in every home with care", abstract=None, published="2019-04-02"),
            make_record(206, title="Carry glass in every home with care", abstract=None, published=None),
            make_record(7, id="p7"),
        ],
    }
    paths = []
    for name, records in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
        paths.append(path)
    return paths
