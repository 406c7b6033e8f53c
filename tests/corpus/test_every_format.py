"""What holds of every kind of source alike."""

import gzip
import zipfile

import pytest
import zstandard

from analysis.corpus import read_corpus
from analysis.corpus.formats import FORMATS
from tests.corpus.made_files import DOORS, FILES, TITLES, TITLES_ONLY, VALUES
from tests.corpus.made_sources import make_source


@pytest.mark.parametrize("kind", FILES)
def test_its_two_papers_are_read_whatever_its_name(file, kind):
    corpus = read_corpus(file(FILES[kind], "papers.unknown"))
    assert tuple(corpus.papers["title"]) == TITLES
    assert corpus.ledger == {"read": 2, "merged": 0, "set_aside": 0, "kept": 2}
    if kind in TITLES_ONLY:
        assert corpus.papers["title_only"].all()
    else:
        text = list(corpus.papers["abstract"].str.removeprefix("AIMS: "))
        assert text == [DOORS, VALUES]


@pytest.mark.parametrize("kind", FILES)
def test_it_is_claimed_by_one_format_before_all_that_come_later(file, kind):
    source = make_source(file(FILES[kind], "papers.unknown"))
    claims = [form.name for form in FORMATS if form.recognise(source)]
    assert claims, "nobody reads it"
    # Those that take any table or any JSON come last, and only they may claim what another does.
    assert len([name for name in claims if name not in ("CSV", "JSON", "delimited text")]) <= 1, claims


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("packing", ["zip", *(pytest.param(kind, marks=pytest.mark.slow) for kind in ("gz", "zst"))])
def test_packed_it_is_the_same_paper(tmp_path, file, kind, packing):
    plain = read_corpus(file(FILES[kind], "papers"))
    path = tmp_path / f"papers.{packing}"
    if packing == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("papers", FILES[kind])
    else:
        path.write_bytes(gzip.compress(FILES[kind]) if packing == "gz" else zstandard.compress(FILES[kind]))
    packed = read_corpus(path)
    columns = ["paper_id", "title", "abstract", "published", "published_precision", "published_kind"]
    assert packed.papers[columns].equals(plain.papers[columns])


def test_a_folder_of_all_kinds_gives_two_papers_and_remembers_every_source(tmp_path):
    for number, (kind, content) in enumerate(FILES.items()):
        (tmp_path / f"{number:02d} {kind}").write_bytes(content)
    corpus = read_corpus(tmp_path)
    assert corpus.ledger["read"] == 2 * len(FILES)
    assert corpus.ledger["read"] == corpus.ledger["kept"] + corpus.ledger["merged"] + corpus.ledger["set_aside"]
    assert set(corpus.papers["title"]) == set(TITLES)
    counted = corpus.flow.groupby("stage")["n_records"].sum().to_dict()
    assert {"merged": 0, "set_aside": 0, **counted} == corpus.ledger
    told = set(corpus.papers["source"]) | set(corpus.merges["source"])
    assert told == {source.name for source in corpus.sources}
