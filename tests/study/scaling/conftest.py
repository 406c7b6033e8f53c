"""One cluster of two processes for all tests of a session: it takes seconds to start."""

import pytest

from analysis.study.scaling import open_engine
from tests.study.scaling.made_sources import write_sources


@pytest.fixture(scope="session")
def cluster():
    """Two worker processes of one thread."""
    with open_engine("local", n_workers=2) as engine:
        yield engine


@pytest.fixture(scope="session")
def sources(tmp_path_factory):
    """Four small files of papers that share ids, titles and texts."""
    return write_sources(tmp_path_factory.mktemp("sources"))
