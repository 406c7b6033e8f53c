"""What travels to the explorer is what the tables hold."""

import re
from importlib.resources import files

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.config import Config
from analysis.plots.palette import COLORS, UNASSIGNED
from analysis.plots.text import clean
from analysis.reports.explorer import pack_blocks, pack_themes, render_explorer
from analysis.reports.explorer.blocks import is_web_address
from analysis.reports.explorer.colourings import list_colourings
from analysis.reports.explorer.near import compact_vectors
from analysis.reports.explorer.packing import pack_block
from analysis.reports.explorer.shades import GROUND, shade_for_dark
from analysis.reports.explorer.wording import code_texts, find_words
from tests.explorer.unpacked import unfold_texts, unpack_block
from tests.made_study import make_tables, with_hostile_text
from tests.plots.seen_colors import VISIONS, contrast, distances


def unpack(tables, **options):
    blocks = pack_blocks(tables, Config(), **options).by_name()
    return {name: unpack_block(block) for name, block in blocks.items()}


@settings(max_examples=60)
@given(st.lists(st.one_of(st.none(), st.text(max_size=60)), max_size=12))
def test_every_text_comes_back_as_it_was_cleaned(texts):
    words, (coded,) = code_texts([texts])
    assert unfold_texts(words, find_words(words), coded.stream, coded.ends) == [clean(text) for text in texts]


def test_a_dictionary_of_many_words_takes_up_to_three_bytes_a_word():
    texts = [" ".join(f"w{i}" for i in range(20000)), "w1 w19999"]
    words, (coded,) = code_texts([texts])
    assert unfold_texts(words, find_words(words), coded.stream, coded.ends) == texts


def test_arrays_come_back_with_their_type():
    arrays = {
        "a": np.array([1, 2, 3], np.uint8),
        "b": np.array([-5], np.int32),
        "c": np.array([0.5, np.nan], np.float32),
        "d": np.zeros(0, np.uint16),
    }
    back = unpack_block(pack_block({"title": "é"}, arrays))
    assert back["facts"] == {"title": "é"}
    for name, array in arrays.items():
        np.testing.assert_array_equal(back[name], array)
    with pytest.raises(ValueError, match="int64"):
        pack_block({}, {"wide": np.arange(2)})


def test_blocks_hold_themes_dates_and_places_of_every_paper():
    tables = make_tables()
    papers, found = tables.papers, unpack(tables)
    ids = [one["theme"] for one in found["themes"]["facts"]["themes"]]
    assert [ids[k] for k in found["themes"]["theme"]] == papers["theme"].tolist()
    np.testing.assert_allclose(found["core"]["x"], papers["map_x"], rtol=1e-6)
    days = [None if day == np.iinfo(np.int32).min else pd.Timestamp(int(day), unit="D") for day in found["core"]["day"]]
    assert days == [None if pd.isna(day) else day for day in papers["published"]]
    assert found["details"]["facts"]["paper_ids"] == papers["paper_id"].tolist()


def test_papers_fall_in_the_periods_of_the_table_of_shares():
    tables = make_tables()
    found = unpack(tables)["core"]
    for k, period in enumerate(found["facts"]["periods"]):
        rows = tables.shares[tables.shares["period"] == pd.Timestamp(period["start"])]
        assert int((found["period"] == k).sum()) == rows["count"].sum() == period["total"]


def test_only_web_addresses_are_kept_and_identifiers_become_some():
    tables = with_hostile_text(make_tables())
    tables.papers["url"] = "javascript:alert(1)"
    tables.papers.loc[1, "doi"] = '10.1000/"><script>'
    urls = unpack(tables)["details"]["facts"]["urls"]
    assert urls[0] == "https://arxiv.org/abs/1801.00000"
    assert urls[1] == "https://doi.org/10.1000/%22%3E%3Cscript%3E"
    assert all(url == "" or is_web_address(url) for url in urls)


def test_no_text_of_a_paper_or_theme_stands_in_the_page_as_it_is():
    tables = with_hostile_text(make_tables())
    config = Config.model_validate({"report": {"title": "</title><script>alert(2)</script>"}})
    page = render_explorer(pack_blocks(tables, config), tables=tables, config=config)
    assert "alert(" not in page.replace("&lt;script&gt;alert(2)", "")
    assert page.count("</script>") == page.count("<script")


def test_the_same_study_gives_the_same_bytes():
    pages = [
        render_explorer(
            pack_blocks(make_tables(), Config(), vectors=np.eye(60, 8, dtype=np.float32)),
            tables=make_tables(),
            config=Config(),
        )
        for _ in range(2)
    ]
    assert pages[0] == pages[1]


def test_labels_of_many_values_keep_the_commonest():
    values = [f"v{min(i, 40)}" for i in range(50)] + [None]
    (one,) = list_colourings(pd.DataFrame({"label_primary_area": values}))
    assert one.title == "Primary area"
    assert one.groups[0] == "v40"
    assert one.groups[-2:] == ("(others)", "(none)")
    assert one.groups[one.values[-1]] == "(none)"
    assert one.groups[one.values[45]] == "v40"
    assert {one.groups[k] for k in one.values[:40]} >= {"(others)", "v0"}


def test_small_vectors_find_most_of_the_nearest_papers():
    rng = np.random.default_rng(0)
    # As sentence vectors have it: the variance of the directions falls slowly.
    vectors = rng.normal(size=(2000, 384)) * np.arange(1, 385) ** -0.5
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)

    def list_near(some):
        near = some[:100] @ some.T
        near[np.arange(100), np.arange(100)] = -np.inf
        return np.argsort(-near, axis=1)[:, :10]

    def recall(n_bytes):
        found = list_near(compact_vectors(vectors, n_bytes=n_bytes).astype(np.float64))
        pairs = zip(found, list_near(vectors), strict=True)
        return np.mean([len(set(a) & set(b)) / 10 for a, b in pairs])

    assert compact_vectors(vectors, n_bytes=1).shape == (2000, 64)
    assert recall(2000 * 384) > 0.95
    assert recall(2000 * 384) > recall(1) > 0.5


@pytest.mark.parametrize("vision", VISIONS)
def test_theme_colours_stay_apart_on_the_dark_ground_too(vision):
    shades = [shade_for_dark(color) for color in (*COLORS, UNASSIGNED)]
    assert min(contrast(shade, GROUND) for shade in shades) >= 3
    assert distances(shades, vision)[np.triu_indices(13, 1)].min() > (17 if vision == "full colour vision" else 13)


def test_colours_of_numbers_and_of_papers_without_one_can_be_seen():
    text = (files("analysis.reports.explorer") / "static" / "colours.js").read_text("utf-8")
    light, dark = (
        re.findall("#[0-9a-f]{6}", text.split(f"{name}_RAMP = ")[1].split(";")[0]) for name in ("LIGHT", "DARK")
    )
    nothing = re.findall("#[0-9a-f]{6}", text.split("NOTHING = ")[1].split(";")[0])
    assert len(light) == len(dark) == 9
    assert min(contrast(color, "#ffffff") for color in [*light, nothing[0]]) >= 3
    assert min(contrast(color, GROUND) for color in [*dark, nothing[1]]) >= 3


def test_a_theme_with_a_hostile_colour_gets_one_of_the_palette():
    tables = with_hostile_text(make_tables())
    for one in unpack_block(pack_themes(tables))["facts"]["themes"]:
        assert one["color"].startswith("#")
        assert len(one["color"]) == len(one["dark"]) == 7
