"""The site of the bundled study, built once."""

import pytest

from tests.docs.site import build


@pytest.fixture(scope="session")
def site(bundled_study, tmp_path_factory):
    """Read only."""
    return build(bundled_study.root, tmp_path_factory.mktemp("docs"))
