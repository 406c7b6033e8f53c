"""What must hold is judged by the numbers: each requirement fails when its number does."""

import math

import pandas as pd
import pytest

from analysis.plots.palette import COLORS
from tests.benchmarks.themes.corpora import Labelled
from tests.benchmarks.themes.figure import draw_figure
from tests.benchmarks.themes.jobs import Done, Job
from tests.benchmarks.themes.markdown import Setting, render_page
from tests.benchmarks.themes.small import average_draws
from tests.benchmarks.themes.tables import MEASURES, judge, tabulate_fits, take_medians

ICLR = "iclr2026_primary_area"
GOOD = {
    "ours": {"ami": 0.35, "ari": 0.2, "coverage": 1.0, "n_found": 12, "agreement": 0.8},
    "ours-topic": {"ami": 0.3, "ari": 0.1, "coverage": 1.0, "n_found": 80},
    "stock": {"ami": 0.25, "ari": 0.05, "coverage": 0.65, "n_found": 74, "agreement": 0.3},
    "ceiling": {"ami": 0.4, "ari": 0.33, "coverage": 1.0, "n_found": 12},
}


def make_fits(changes=(), corpus=ICLR, n_seeds=3):
    rows = []
    for method, numbers in GOOD.items():
        for seed in range(n_seeds):
            row = dict.fromkeys(MEASURES, 0.5) | {"n_gold": 12, "n_gold_large": 12} | numbers
            rows.append({"corpus": corpus, "method": method, "seed": seed, **row, "error": ""})
    fits = pd.DataFrame(rows)
    for method, measure, value in changes:
        fits.loc[fits["method"] == method, measure] = value
    return fits


def make_draws(ours=(0.4, 0.3), stock=(0.1, 0.1), kmeans=(0.42, 0.32), error=""):
    pairs = {"ours": ours, "stock": stock, "kmeans": kmeans}
    return pd.DataFrame(
        [
            {
                "corpus": ICLR,
                "n_papers": 30,
                "method": method,
                "draw": draw,
                "ami": ami,
                "ari": ari,
                "coverage": 1.0,
                "n_found": 5,
                "error": error if method == "ours" and draw == 0 else "",
            }
            for method, (ami, ari) in pairs.items()
            for draw in range(4)
        ]
    )


def judge_made(fits=None, draws=None):
    verdicts = judge(take_medians(make_fits() if fits is None else fits), average_draws(make_draws(**(draws or {}))))
    return verdicts[verdicts["corpus"] == ICLR].set_index("what")["holds"]


def test_all_lines_hold_where_all_numbers_are_good():
    assert set(judge_made()) == {"yes"}


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (("ours", "ami", 0.28), "AMI of `theme` / AMI of stock BERTopic"),
        (("stock", "ami", 0.31), "AMI of `theme` / AMI of stock BERTopic"),
        (("ceiling", "ami", 0.45), "AMI of `theme` / AMI of the ceiling"),
        (("ours", "ari", 0.06), "ARI of `theme` / ARI of stock BERTopic"),
        (("ours-topic", "coverage", 0.999), "papers with a topic"),
        (("ours", "coverage", 0.97), "papers with a theme"),
        (("ours", "n_found", 5), "themes found"),
        (("ours", "n_found", 25), "themes found"),
        (("ours", "agreement", 0.74), "agreement of `theme` on two 80 % subsamples"),
    ],
)
def test_a_bad_number_fails_its_own_line(change, what):
    assert judge_made(make_fits([change]))[what] == "no"


@pytest.mark.parametrize("n_found", [6, 24])
def test_half_and_twice_the_classes_still_hold(n_found):
    assert judge_made(make_fits([("ours", "n_found", n_found)]))["themes found"] == "yes"


@pytest.mark.parametrize(
    ("draws", "what"),
    [
        ({"ours": (0.1, 0.3), "kmeans": (0, 0)}, "AMI on draws of 30"),
        ({"ours": (0.4, 0.1), "kmeans": (0, 0)}, "ARI on draws of 30"),
        ({"kmeans": (0.44, 0.3)}, "AMI on draws of 30"),
        ({"kmeans": (0.4, 0.34)}, "ARI on draws of 30"),
        ({"error": "ValueError: too few"}, "failed fits on draws of 30"),
    ],
)
def test_small_draws_are_judged_against_both_and_allow_no_failure(draws, what):
    verdicts = judge_made(draws=draws)
    assert "no" in list(verdicts[[what]])
    assert (verdicts.drop(what) == "yes").all()


def test_a_missing_number_is_not_measured_and_never_holds():
    fits = make_fits([("ours", "agreement", math.nan)])
    verdicts = judge(take_medians(fits), average_draws(make_draws())).set_index(["corpus", "what"])["holds"]
    assert verdicts[ICLR, "agreement of `theme` on two 80 % subsamples"] == "not measured"
    assert (verdicts["arxiv_2025-03_2025-06"] == "not measured").all()


def test_the_median_counts_and_not_the_best_seed():
    fits = make_fits()
    fits.loc[(fits["method"] == "ours") & (fits["seed"] > 0), "ami"] = 0.2
    assert judge_made(fits)["AMI of `theme` / AMI of stock BERTopic"] == "no"


def test_a_failed_fit_is_counted_and_gives_no_number():
    corpus = Labelled(ICLR, pd.DataFrame({"title": list("abcd"), "abstract": "", "gold": ["x", "x", "y", None]}))
    answer = {
        "labels": {"kmeans": ["0", "0", "1", "1"]},
        "terms": {"kmeans": [["a", "b"], ["c", "d"]]},
        "agreement": {},
        "seconds": 1.0,
        "peak_mb": 100.0,
    }
    done = [
        Done(Job("kmeans", ICLR, "", seed=1), answer, kept=False),
        Done(Job("kmeans", ICLR, "", seed=2), {"error": "ValueError: no"}, kept=False),
    ]
    fits = tabulate_fits(done, {ICLR: corpus})
    assert fits["ari"].tolist()[0] == 1
    assert fits.loc[0, ["n_papers", "coherence", "diversity"]].tolist() == [3, -1, 1]
    row = take_medians(fits).iloc[0]
    assert (row["n_fits"], row["n_failed"], row["ari"]) == (1, 1, 1)


def test_the_page_shows_verdicts_medians_and_a_quick_look_says_so():
    fits, small = make_fits(), average_draws(make_draws())
    medians = take_medians(fits)
    setting = Setting("command", "machine", "versions", "seeds", ("c",), ("e",), quick=True)
    page = render_page(setting, medians, small, judge(medians, small))
    assert "| iclr2026_primary_area | AMI of `theme` / AMI of stock BERTopic | at least 1.150 | 1.400 | yes |" in page
    assert "the verdicts below do not count" in page
    assert "12 of 19 lines hold; 7 were not measured." in page
    table = [line for line in page.splitlines() if line.startswith(("| method | AMI", "| Themeline, `theme` | 0"))]
    assert len(table) == 2
    assert len({line.count("|") for line in table}) == 1


def test_the_figure_has_a_dot_for_every_fit_and_the_median():
    figure = draw_figure(make_fits(n_seeds=3), caution="made up")
    ours = [trace for trace in figure.data if trace.marker.color == COLORS[0]]
    assert [len(trace.x) for trace in ours] == [3, 1] * 3
    assert ours[1].x[0] == 0.35
