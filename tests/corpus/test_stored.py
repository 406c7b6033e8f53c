import datetime as dt
import json

import pandas as pd
import pytest

from analysis.cache import Cache
from analysis.config import InputError
from analysis.corpus import read, read_corpus, reading

FRAMES = ("papers", "set_aside", "merges", "near_duplicates", "date_audit", "date_conflicts", "flow")
LONG = (
    "We ask why household robots fall on smooth floors, and we find that they look at the lamps and not at the floor. "
    "Taught to look down, half of them stay upright on tiles, on wood and on carpets, in the kitchen as in the hall."
)


def make_papers(n_papers, first=0):
    papers = [
        {
            "id": f"p{number}",
            "title": f"Robots that fall, part {number}",
            "abstract": f"{LONG} This is part {number}.",
            "date": ["2024-05-06", "2024-05", "n.d.", ""][number % 4],
            "authors": ["Ann Ng", "Cy Bée"][: number % 3],
            "doi": "" if number % 5 else f"10.1000/{number}",
            "area": ["homes", "", "labs"][number % 3],
            "upvotes": number if number % 2 else None,
        }
        for number in range(first, first + n_papers)
    ]
    return [*papers, papers[0], {"id": "empty", "title": "", "abstract": " "}]


def assert_same(one, other):
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    assert one.papers["authors"].tolist() == other.papers["authors"].tolist()
    assert {type(names) for names in other.papers["authors"]} == {list}
    assert (one.ledger, one.sources, one.notes) == (other.ledger, other.sources, other.notes)


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache")


@pytest.fixture
def every_size(monkeypatch):
    monkeypatch.setattr(reading, "FEWEST_BYTES", 0)


def test_files_that_were_read_before_give_the_same_corpus(lines, cache, every_size, monkeypatch):
    sources = [lines(*make_papers(9), name="one.jsonl"), lines(*make_papers(9, first=5), "{damaged", name="two.jsonl")]
    options = {"columns": {"venue": "area"}, "captured": dt.date(2025, 1, 1)}
    expected = read_corpus(*sources, **options)
    assert_same(expected, read_corpus(*sources, **options, cache=cache))
    monkeypatch.setattr(reading, "FORMATS", ())
    assert_same(expected, read_corpus(*sources, **options, cache=cache))


def test_only_the_new_file_is_read(lines, cache, every_size, monkeypatch):
    first, second = lines(*make_papers(9), name="one.jsonl"), lines(*make_papers(9, first=5), name="two.jsonl")
    read_corpus(first, cache=cache)
    taken = []
    take = reading.Reading._take

    def note_source(self, found, facts, sidecar, source=None):
        taken.append(facts.name)
        take(self, found, facts, sidecar, source)

    monkeypatch.setattr(reading.Reading, "_take", note_source)
    assert_same(read_corpus(first, second, cache=cache), read_corpus(first, second))
    assert taken == ["two.jsonl", "one.jsonl", "two.jsonl"]


def test_a_date_of_the_future_is_looked_at_again_on_another_day(lines, cache, every_size, monkeypatch):
    tomorrow_but_one = dt.date.today() + dt.timedelta(days=2)
    path = lines({"title": "Why robots fall", "date": tomorrow_but_one.isoformat()})
    assert read_corpus(path, cache=cache).papers["published"].isna().all()

    class Later(dt.date):
        @classmethod
        def today(cls):
            return tomorrow_but_one

    monkeypatch.setattr(dt, "date", Later)
    assert read_corpus(path, cache=cache).papers["published"].notna().all()


def test_a_mapped_column_is_met_in_a_file_that_is_not_read_again(lines, cache, every_size):
    path = lines({"title": "Why robots fall", "Summary": LONG})
    for _ in range(2):
        corpus = read_corpus(path, columns={"abstract": "Summary"}, cache=cache)
        assert corpus.papers["abstract"].tolist() == [LONG]
    for _ in range(2):
        with pytest.raises(InputError, match="no source has such a column"):
            read_corpus(path, columns={"abstract": "Resume"}, cache=cache)


def test_what_is_read_is_told(lines, tmp_path):
    paths = [lines(*make_papers(1500), name="one.jsonl"), lines(*make_papers(700), name="two.jsonl")]
    told = []
    read_corpus(*paths, pd.DataFrame({"title": ["Why robots fall"]}), on_read=told.append)
    size = sum(path.stat().st_size for path in paths) + read.measure_sources([pd.DataFrame({"title": [1]})]).n_bytes
    assert sum(one.n_records for one in told) == 1502 + 702 + 1
    assert {one.total_bytes for one in told} == {size}
    assert sum(one.n_bytes for one in told) == size
    assert len(told) == 3
    assert all(one.n_bytes >= 0 for one in told)
    assert json.dumps(told[0])
