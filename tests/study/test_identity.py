"""A new fit takes over ids, labels and colours of the themes that the last results know."""

import dataclasses
import json
import shutil
import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.config import parse_config
from analysis.curation.matching import Generation
from analysis.results import read_tables, write_tables
from analysis.study import check, load, run
from analysis.study.identity import Last, inherit_from, read_last, say_identity
from analysis.themes.model import read_model
from analysis.themes.naming import Named
from tests.conftest import forget_run, read_files, write_jsonl
from tests.curation.made_generations import make_generation
from tests.study.made_records import SECOND
from tests.study.test_same_bytes import read_record

MINILM = {"name": "m", "version": "1"}
OLD = {"robots": range(10), "stars": range(10, 22), "cooking": range(22, 30)}


def make_last(groups=OLD, *, settings=None, record=None, **options):
    config = parse_config(settings or {})
    themes = make_generation(groups, **options)
    topics = Generation(themes.paper_ids, np.array(["0"] * len(themes.paper_ids), object), {"0": "All"})
    return Last(
        themes=themes,
        topics=topics,
        fitted_ids=frozenset(themes.paper_ids),
        colors={},
        encoder=MINILM,
        label_settings=config.labels.model_dump(mode="json"),
        taken=frozenset({"unassigned", "paper-id", *themes.labels, *(record or {}).get("retired", {})}),
        record=record,
    )


def inherit(last, groups, labels, *, n_named=0, settings=None):
    """Ids, labels and the record of a fit that found these groups, under these labels."""
    papers = [f"p{paper:03d}" for rows in groups for paper in rows]
    theme = np.array([place for place, rows in enumerate(groups) for _ in rows])
    fitted_now = SimpleNamespace(
        papers=pd.DataFrame({"paper_id": papers}),
        assignment=SimpleNamespace(theme=theme, n_named=n_named),
        clustering=SimpleNamespace(topic=np.zeros(len(papers), dtype=int)),
        meaning=np.ones((len(papers), 2), dtype=np.float32),
    )
    phrases = tuple([{"phrase": f"phrase {place}", "weight": 1.0}] for place in range(len(labels)))
    slugs = tuple(label.lower().replace(" ", "-") for label in labels)
    names = Named(slugs, tuple(labels), ("",) * len(labels), phrases)
    topics = Named(("0",), ("Every paper",), ("",), ([],))
    found = inherit_from(last, parse_config(settings or {}))(fitted_now, names, topics, MINILM)
    return found.themes.ids, found.themes.labels, found


def test_a_theme_keeps_its_id_and_label_under_another_name():
    ids, labels, found = inherit(make_last(), [range(22, 30), range(22)], ["Food", "Machines and skies"])
    assert ids == ("cooking", "stars")
    assert labels == ("cooking", "stars")
    assert found.record["kept"] == [
        {"theme": "cooking", "by": "papers", "overlap": 1.0},
        {"theme": "stars", "by": "papers", "overlap": round(12 / 22, 6)},
    ]
    assert (found.record["born"], found.record["died"]) == ([], ["robots"])
    assert found.topics.labels == ("All",)


def test_the_id_of_a_theme_that_died_is_never_given_again():
    record = {"retired": {"law": "Law"}}
    ids, labels, found = inherit(
        make_last(record=record), [range(10), range(100, 120), range(120, 140)], ["Arms", "Stars", "Law"]
    )
    assert ids == ("robots", "stars-2", "law-2")
    assert labels == ("robots", "Stars", "Law")
    assert found.record["retired"] == {"cooking": "cooking", "law": "Law", "stars": "stars"}


def test_a_new_theme_never_bears_the_label_that_another_one_keeps():
    ids, labels, _ = inherit(make_last(labels={"robots": "Robots"}), [range(10), range(100, 120)], ["Arms", "Robots"])
    assert (ids, labels) == (("robots", "robots-2"), ("Robots", "Phrase 1"))


def test_a_kept_label_gives_way_to_a_name_that_the_study_gives():
    last = make_last(labels={"stars": "Skies"})
    groups = [range(100, 110), range(10), range(10, 22)]
    labels = {"stars": "Skies", "robots": "Law"}
    last = dataclasses.replace(last, themes=dataclasses.replace(last.themes, labels=labels))
    ids, labels, _ = inherit(last, groups, ["Law", "Arms", "Galaxies"], n_named=1)
    # "Law" is asked for by its name: it goes on as what was found under that name.
    assert (ids, labels) == (("robots", "arms", "stars"), ("Law", "Arms", "Skies"))


def test_other_settings_of_labels_give_other_labels_and_the_same_ids():
    settings = {"labels": {"endpoint": "http://localhost:1/v1", "model": "m"}}
    ids, labels, found = inherit(make_last(), [range(10), range(10, 22)], ["Arms", "Skies"], settings=settings)
    assert (ids, labels) == (("robots", "stars"), ("Arms", "Skies"))
    assert found.topics.labels == ("Every paper",)


def test_an_unchanged_fit_says_what_the_last_one_said():
    record = {"retired": {}, "kept": [], "born": ["stars"], "died": []}
    last = make_last(record=record)
    _, _, found = inherit(last, OLD.values(), ["A", "B", "C"])
    assert found.record is record
    said = say_identity(last, found.record, pd.DataFrame({"theme": [], "label": []}))
    assert said == "the same as in the last results."


def test_one_line_says_what_stayed_what_came_and_what_went():
    last = make_last()
    ids, labels, found = inherit(last, [range(10), range(10, 22), range(100, 120)], ["A", "B", "Law"])
    themes = pd.DataFrame({"theme": ids, "label": labels})
    assert say_identity(last, found.record, themes) == (
        "2 of 3 keep their names (median overlap 1.00); 1 new: “Law”; 1 gone: “cooking”."
    )


@pytest.fixture
def study(fitted, tmp_path):
    return shutil.copytree(fitted, tmp_path / "study")


def call_otherwise(folder):
    """Give the found themes of a study other ids, labels and colours, as an older version might have done."""
    tables = read_tables(folder / "data")
    found = tables.themes.loc[tables.themes["kind"] == "discovered", "theme"]
    ids = {theme: f"old-{place}" for place, theme in enumerate(found)}
    themes, papers = tables.themes.replace({"theme": ids}), tables.papers.replace({"theme": ids})
    themes["label"] = themes["label"].where(~themes["theme"].isin(ids.values()), "The old " + themes["theme"])
    themes["color"] = [*themes["color"][1:], themes["color"][0]]
    write_tables(dataclasses.replace(tables, themes=themes, papers=papers), folder / "data")
    return themes.set_index("theme")


def test_a_refit_with_new_papers_keeps_ids_labels_and_colours_in_every_table(study):
    before = call_otherwise(study)
    said = []
    after = run(study, add=[write_jsonl(study / "more.jsonl", SECOND[:5])], refit=True, say=said.append)
    themes = after.themes.set_index("theme")
    assert dict(themes["label"]) == dict(before["label"])
    assert dict(themes["color"]) == dict(before["color"])
    assert "themes   3 of 3 keep their names (median overlap 1.00)." in said
    assert {one["by"] for one in after.run["identity"]["kept"]} == {"name", "papers"}
    known = set(themes.index)
    assert set(after.papers["theme"]) == set(after.alternatives["theme"]) == set(after.topics["theme"]) == known
    assert set(after.trends["theme"]) == set(after.shares["theme"]) == known
    reasons = after.papers.loc[after.papers["theme"] == "old-0", "theme_reason"]
    assert reasons.str.startswith("lies among the papers of The old old-0").all()
    model = read_model(study / "data/model")
    assert set(model.theme_ids) == known
    assert set(model.labels) == set(before["label"])
    assert check(study) == []
    # Papers that are placed by this fit go to the themes under the same names.
    later = run(study, add=[write_jsonl(study / "later.jsonl", SECOND[5:])])
    assert set(later.papers["theme"]) == known
    assert later.run["identity"] == after.run["identity"]


def test_a_theme_made_by_hand_keeps_its_id_and_colour_from_new_themes(study):
    found = load(study)
    parent = found.themes.loc[found.themes["kind"] == "discovered", "theme"].iloc[0]
    papers = found.papers.loc[found.papers["theme"] == parent, "paper_id"].iloc[:2]
    corrected = found.split(parent, papers=papers, label="By hand")
    last = read_last(corrected.place)
    assert last.colors["by-hand"] == corrected.themes.set_index("theme").loc["by-hand", "color"]
    assert "by-hand" in last.taken
    assert "by-hand" not in last.themes.labels


def test_names_are_forgotten_on_request(study, themeline):
    files = read_files(study)
    call_otherwise(study)
    assert themeline("run", study, "--fresh").code == 0
    assert read_files(study) == files
    assert "identity" not in load(study).run
    answer = themeline("run", study, "--fresh", "--add", study / "papers.jsonl")
    assert (answer.code, "Give --refit, too" in answer.message) == (2, True)


def test_a_run_over_its_own_results_changes_nothing_not_even_the_record(own_study):
    files, record = read_files(own_study), read_record(own_study)
    forget_run(own_study)
    run(own_study)
    assert read_files(own_study) == files
    assert read_record(own_study) == record


@pytest.mark.slow
def test_a_refit_that_was_stopped_before_the_swap_gives_the_same_bytes(own_study, monkeypatch, tmp_path):
    call_otherwise(own_study)

    def stop(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(sys.modules["analysis.study.run"], "publish", stop)
        with pytest.raises(KeyboardInterrupt):
            run(own_study, refit=True)
    before = read_tables(own_study / "data").themes
    run(own_study, refit=True)
    first = read_files(own_study)
    assert list(load(own_study).themes["theme"]) == list(before["theme"])
    forget_run(own_study)
    run(own_study, refit=True)
    assert read_files(own_study) == first


@pytest.mark.parametrize("harm", ["schema", "table", "vectors"])
def test_results_that_cannot_be_read_are_no_ancestors(own_study, harm):
    files = read_files(own_study)
    forget_run(own_study)
    if harm == "schema":
        path = own_study / "data/results/run.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), "schema": 1}))
    elif harm == "table":
        (own_study / "data/results/themes.parquet").write_bytes(b"PAR1")
    else:
        (own_study / "data/model/vectors.npy").write_bytes(b"")
    run(own_study)
    assert read_files(own_study) == files
