"""The benchmark itself runs: on made-up texts, with few methods."""

import dataclasses
import gzip
import json

import numpy as np
import pandas as pd
import pytest

from tests.benchmarks.themes.__main__ import main, plan_jobs
from tests.benchmarks.themes.corpora import SOURCES, Labelled, encode_corpus, read_labelled
from tests.benchmarks.themes.jobs import Job, identify, run_jobs
from tests.benchmarks.themes.methods import METHODS, Input
from tests.benchmarks.themes.small import draw_papers, score_draws
from tests.benchmarks.themes.tables import weigh_words
from tests.benchmarks.themes.worker import lay_out, work
from tests.themes.made_texts import COOKING, ROBOTS, STARS

TEXTS = [*ROBOTS, *STARS, *COOKING]
AREAS = ["robots"] * len(ROBOTS) + ["stars"] * len(STARS) + ["cooking"] * len(COOKING)


def make_corpus():
    return Labelled(
        "iclr2026_primary_area",
        pd.DataFrame(
            {
                "paper_id": [f"p{i}" for i in range(len(TEXTS))],
                "title": "",
                "abstract": TEXTS,
                "published": pd.NaT,
                "gold": [None, *AREAS[1:]],
            }
        ),
    )


def write_corpus(folder, source, areas):
    folder.mkdir(exist_ok=True)
    with gzip.open(folder / source.file, "wt", encoding="utf-8") as file:
        for number, area in enumerate(areas):
            text = TEXTS[number % len(TEXTS)]
            record = {"id": f"a{number}", "title": f"Part {number}", "abstract": text, "labels": {source.gold: area}}
            file.write(json.dumps(record) + "\n")
    return folder


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory):
    """A made-up corpus, its vectors and the folder that processes read."""
    folder = tmp_path_factory.mktemp("benchmark")
    corpus = make_corpus()
    encoded = encode_corpus(corpus, folder / "cache")
    assert encoded.n_new == len(TEXTS)
    lay_out(corpus, encoded.vectors, folder / "corpus")
    return corpus, encoded.vectors, folder / "corpus"


def test_small_classes_are_left_out_and_big_ones_drawn_alike_each_time(tmp_path):
    source = dataclasses.replace(SOURCES[1], fewest=10, most=20)
    write_corpus(tmp_path, source, ["big"] * 60 + ["small"] * 9 + ["fits"] * 15)
    corpus = read_labelled(tmp_path, source)
    assert pd.Series(corpus.gold).value_counts().to_dict() == {"big": 20, "fits": 15}
    again = read_labelled(tmp_path, source)
    assert corpus.papers["paper_id"].tolist() == again.papers["paper_id"].tolist()


def test_only_classes_of_one_per_cent_count_as_the_true_number():
    corpus = Labelled("made", pd.DataFrame({"gold": ["a"] * 150 + ["b"] * 149 + ["c"] + [None] * 50}))
    assert corpus.true_k == 2
    assert len(corpus.labelled) == 300


def test_a_missing_corpus_is_refused_and_named(tmp_path, capsys):
    assert main(["--corpora", str(tmp_path), "--methods", "ours"]) == 2
    assert "iclr2026_primary_area.jsonl.gz: this labelled corpus is missing" in capsys.readouterr().err


def test_subsamples_and_draws_are_the_same_for_every_method_and_new_for_every_seed():
    corpus = make_corpus()
    first, second = corpus.draw_pair(1)
    assert len(first) == len(second) == round(0.8 * len(TEXTS))
    assert not np.array_equal(first, second)
    assert np.array_equal(first, corpus.draw_pair(1)[0])
    assert not np.array_equal(first, corpus.draw_pair(2)[0])
    assert 0 not in draw_papers(corpus, 20, 3)  # It has no label.


@pytest.mark.parametrize("method", ["kmeans", "ours", "ceiling"])
def test_plain_subjects_are_told_apart(laid_out, method):
    corpus, vectors, folder = laid_out
    fit = METHODS[method](Input(corpus, vectors, folder / "cache", seed=1))
    for labels in fit.labels.values():
        assert len(labels) == len(TEXTS)
    line = {"ours": "ours", "kmeans": "kmeans", "ceiling": "ceiling"}[method]
    groups = pd.crosstab(fit.labels[line][1:], np.array(AREAS[1:]))
    assert (groups > 0).sum(axis=1).max() == 1
    # KMeans and the ceiling bring no terms.
    terms = fit.terms.get(line) or weigh_words(corpus.texts, fit.labels[line])
    assert len(terms) == len(groups)
    assert all(0 < len(some) <= 10 for some in terms)


def test_a_job_gives_labels_terms_seconds_memory_and_agreement(laid_out):
    corpus, _, folder = laid_out
    answer = work(Job("kmeans", corpus.name, str(folder), seed=1, pair=True))
    assert json.loads(json.dumps(answer)) == answer
    assert answer["agreement"]["kmeans"] == 1
    assert answer["peak_mb"] > 50
    draws = work(Job("kmeans", corpus.name, str(folder), sizes=(20, 400), n_draws=2))["draws"]
    assert {row["n_papers"] for row in draws} == {20}
    assert len(draws) == 4  # Two lines of KMeans, two draws.


def test_a_method_that_raises_on_a_draw_scores_nothing_and_keeps_its_message(laid_out, monkeypatch):
    corpus, vectors, folder = laid_out

    def fail(given):
        raise ValueError("k must be less than N")

    monkeypatch.setitem(METHODS, "stock", fail)
    (row,) = score_draws("stock", Input(corpus, vectors, folder / "cache", seed=0), sizes=(20,), n_draws=1)
    assert (row["ami"], row["ari"], row["error"]) == (0, 0, "ValueError: k must be less than N")


def test_a_changed_corpus_or_job_is_another_job(laid_out, tmp_path):
    corpus, vectors, folder = laid_out
    job = Job("kmeans", corpus.name, str(folder), seed=1)
    assert identify(job) == identify(job)
    assert identify(job) != identify(dataclasses.replace(job, seed=2))
    lay_out(corpus, vectors + np.float32(0.001), tmp_path / "other")
    assert identify(job) != identify(dataclasses.replace(job, folder=str(tmp_path / "other")))


@pytest.mark.slow
def test_an_answer_is_kept_and_a_failure_is_not(laid_out, tmp_path):
    corpus, _, folder = laid_out
    jobs = [Job("kmeans", corpus.name, str(folder)), Job("no-such-method", corpus.name, str(folder))]
    first = run_jobs(jobs, n_processes=1, keep=tmp_path)
    assert [one.error for one in first] == ["", "KeyError: 'no-such-method'"]
    second = run_jobs(jobs, n_processes=1, keep=tmp_path)
    assert [one.kept for one in second] == [True, False]
    assert second[0].answer == first[0].answer


def test_every_method_gets_every_seed_where_something_must_hold(tmp_path):
    corpora = [make_corpus(), dataclasses.replace(make_corpus(), name="hf_daily_2024-05_2025-06")]
    planned = plan_jobs(corpora, tmp_path, [1, 2, 3], methods=list(METHODS), quick=False)
    whole = pd.DataFrame([dataclasses.asdict(job) for job in planned if not job.sizes])
    assert (whole.groupby("corpus")["seed"].nunique() == [2, 3]).all()
    paired = whole[whole["pair"]].groupby(["corpus", "method"])["seed"].nunique()["iclr2026_primary_area"]
    assert paired.to_dict() == {"ours": 3, "stock": 3, "tuned": 2, "topeax": 2, "kmeans": 2}


@pytest.mark.slow
def test_the_whole_benchmark_writes_its_tables_and_figure(tmp_path):
    source = SOURCES[0]
    folder = write_corpus(tmp_path / "corpora", source, (AREAS * 4)[:90])
    out, cache = tmp_path / "out", tmp_path / "cache"
    wanted = ["--methods", "ours", "kmeans", "ceiling", "--only", source.name, "--quick"]
    assert main(["--corpora", str(folder), "--out", str(out), "--cache", str(cache), *wanted]) == 0
    fits = pd.read_csv(out / "themes.csv").set_index("method")
    assert fits.loc["ours", ["ami", "coverage", "seconds", "peak_mb"]].gt(0).all()
    assert fits.loc["ceiling", "ari"] > 0.9
    assert set(pd.read_csv(out / "themes-small.csv")["n_papers"]) == {30, 80}
    page = (out / "themes.md").read_text(encoding="utf-8")
    assert "AMI of `theme` / AMI of stock BERTopic | at least 1.150 | - | not measured" in page
    assert str(tmp_path) not in page
