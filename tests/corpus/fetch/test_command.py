"""``themeline fetch``, against sources on the loopback."""

import json

import pytest

from tests.corpus.fetch.played import ME, arxiv_of, serving


def test_what_is_fetched_is_a_source(themeline, tmp_path):
    out = tmp_path / "robots"
    with serving(arxiv_of(3)) as server:
        asked = ("fetch", "arxiv", "cat:cs.RO", "--out", out, "--contact", ME, "--base", server.address)
        answer = themeline(*asked, "--json")
        again = themeline(*asked)
        assert len(server.asked) == 1
    told = json.loads(answer.out)
    assert (answer.code, told["n_papers"], told["is_complete"]) == (0, 3, True)
    assert "nothing was asked" in again.out
    read = themeline("ingest", out, "--out", tmp_path / "corpus.parquet", "--json")
    assert json.loads(read.out)["ledger"]["kept"] == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["arxiv", "cat:cs.RO"], "contact"),
        (["arxiv", "--contact", ME], "give a query or --set NAME"),
        (["arxiv", "cat:cs.RO", "--set", "cs", "--contact", ME], "give a query or --set NAME"),
        (["daily-papers", "--contact", ME], "--since 2025-01-01 --until 2025-01-31"),
        (["openalex", "robots", "--contact", ME, "--since", "yesterday"], "yesterday"),
        (["openalex", "robots", "--contact", ME, "--base", "http://example.org"], "https"),
    ],
)
def test_what_cannot_be_fetched_is_told_before_the_network_is_touched(themeline, tmp_path, arguments, said):
    answer = themeline("fetch", *arguments, "--out", tmp_path / "out")
    assert answer.code == 2
    assert said in answer.message
    assert not list(tmp_path.rglob("page-*"))
