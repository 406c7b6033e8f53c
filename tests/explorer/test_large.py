"""A hundred thousand papers: how long the first picture, a lasso and a search take, and how large the page is."""

import numpy as np
import pytest

from analysis.config import Config
from analysis.reports.explorer import pack_blocks, render_explorer
from tests.benchmarks.explorer.measure import measure_page
from tests.explorer.made_large import make_large

pytestmark = pytest.mark.slow
N_PAPERS = 100_000


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    tables = make_large(N_PAPERS)
    vectors = np.random.default_rng(2).normal(size=(N_PAPERS, 96)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    file = tmp_path_factory.mktemp("large") / "explorer.html"
    blocks = pack_blocks(tables, Config(), vectors=vectors)
    file.write_text(render_explorer(blocks, tables=tables, config=Config()), encoding="utf-8")
    return file, tables


def test_a_hundred_thousand_papers_are_soon_there_and_answer_at_once(large, browser):
    file, tables = large
    found = measure_page(browser, file, words=tables.papers["title"][5].split()[0])
    assert found["n_papers"] == N_PAPERS
    assert 1000 < found["n_selected"] < N_PAPERS
    assert found["page_mb"] < 60
    assert found["first_picture_s"] < 5
    assert found["lasso_ms"] < 500
    assert found["n_requests"] == 0
