import pytest

from tests.corpus.fuzzing import fuzz
from tests.corpus.made_files import FILES


@pytest.mark.slow
@pytest.mark.parametrize("kind", FILES)
def test_a_minute_of_damaged_files_brings_no_fault_to_light(kind):
    found = fuzz(kind, seconds=60)
    assert found.n_cases > 100
    assert not found.faults, list(found.faults)


@pytest.mark.parametrize("kind", FILES)
def test_a_moment_of_damaged_files_brings_no_fault_to_light(kind):
    found = fuzz(kind, seconds=0.2, seed=7)
    assert found.n_cases > 0
    assert not found.faults, list(found.faults)
