"""Settings: defaults that serve, faults that are named, and a file that says what was meant."""

import datetime as dt
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.config import Config, InputError, parse_config, read_config
from analysis.study.places import _write_toml
from analysis.trends.grains import GRAINS
from tests.conftest import REPOSITORY

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
PHRASES = st.lists(TEXT.filter(str.strip), min_size=1, max_size=3)


def test_no_setting_at_all_is_a_study():
    assert parse_config({}) == Config()


def test_the_bundled_study_names_its_three_themes(tmp_path):
    config = read_config(REPOSITORY / "study.toml")
    assert config == read_config(REPOSITORY)
    assert [theme.name for theme in config.themes.named] == ["Representation learning", "Robotics", "Alignment"]


def test_a_byte_order_mark_is_no_fault(tmp_path):
    path = tmp_path / "study.toml"
    path.write_bytes(b"\xef\xbb\xbfseed = 7\n")
    assert read_config(path).seed == 7
    path.write_bytes(b"seed = 7 # caf\xe9\n")
    with pytest.raises(InputError, match="this is not a TOML file"):
        read_config(path)


def test_every_calendar_period_can_be_set_and_no_other():
    for period in ("auto", *GRAINS):
        assert parse_config({"trends": {"period": period}}).trends.period == period
    for wrong in ("half-year", "weeks", "decade", "", 7):
        with pytest.raises(InputError, match=r"\[trends\].*period.*week.*month.*quarter.*half.*year"):
            parse_config({"trends": {"period": wrong}})


def test_trends_are_set_over_the_observed_span():
    trends = parse_config({}).trends
    assert (trends.margin, trends.min_effect, trends.counting, trends.field_totals) == (1.5, 1.2, "full", "")
    trends = parse_config({"trends": {"min_effect": 1, "counting": "fractional", "field_totals": "a.csv"}}).trends
    assert (trends.min_effect, trends.counting, trends.field_totals) == (1, "fractional", "a.csv")
    for wrong in ({"min_effect": 0.9}, {"counting": "half"}, {"margin": 1}, {"field_totals": 7}):
        with pytest.raises(InputError, match=rf"\[trends\]: {next(iter(wrong))} = .* is not allowed"):
            parse_config({"trends": wrong})


def test_days_are_days_or_their_text():
    for day in (dt.date(2025, 10, 17), "2025-10-17"):
        assert parse_config({"corpus": {"captured": day}}).corpus.captured == dt.date(2025, 10, 17)
    for wrong in (2025, 0, 1.5, True, "17.10.2025", "", ["2025-10-17"], dt.time(3)):
        with pytest.raises(InputError, match=r"\[corpus\]: captured = .* is not allowed: give a day"):
            parse_config({"corpus": {"captured": wrong}})


def test_a_moment_counts_as_its_day():
    config = parse_config({"corpus": {"captured": dt.datetime(2025, 10, 17)}})
    assert config.corpus.captured == dt.date(2025, 10, 17)


def test_all_faults_are_named_at_once_each_on_its_line():
    with pytest.raises(InputError) as caught:
        parse_config({"sed": 1, "map": {"min_dist": 3}, "corpus": {"source": []}, "trends": []}, where="mine.toml")
    lines = str(caught.value).splitlines()
    assert len(lines) == 4
    assert all(line.startswith("mine.toml ") for line in lines)


def test_a_fault_shows_a_long_value_only_in_part():
    with pytest.raises(InputError) as caught:
        parse_config({"seed": "x" * 5000})
    assert len(str(caught.value)) < 200


def test_names_that_differ_in_case_or_blanks_only_are_one_name():
    for other in ("ROBOTS", " robots ", "Robots"):
        named = [{"name": name, "phrases": ["x"]} for name in ("robots", other)]
        with pytest.raises(InputError, match="two named themes are called 'robots'"):
            parse_config({"themes": {"named": named}})


@given(
    title=TEXT,
    caution=TEXT,
    names=st.lists(st.text("abcXYZ é表", min_size=1, max_size=9).filter(str.strip), max_size=3),
    phrases=PHRASES,
    day=st.none() | st.dates(),
    sources=st.lists(TEXT.filter(bool), max_size=3),
    seed=st.integers(0, 2**31 - 1),
    margin=st.floats(1, 10, exclude_min=True),
)
def test_settings_written_and_read_again_are_the_same(title, caution, names, phrases, day, sources, seed, margin):
    unique = {" ".join(name.split()).casefold(): name for name in names}
    settings = {
        "seed": seed,
        "corpus": {"sources": sources, "caution": caution, **({"captured": day} if day else {})},
        "themes": {"named": [{"name": name, "phrases": phrases, "description": caution} for name in unique.values()]},
        "trends": {"margin": margin, "period": "month"},
        "report": {"title": title, "formats": ["md"]},
    }
    config = parse_config(settings)
    text = _write_toml(config.model_dump(mode="json", exclude_unset=True))
    assert parse_config(tomllib.loads(text)) == config
