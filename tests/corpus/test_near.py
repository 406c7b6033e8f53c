import random

import numpy as np
import pandas as pd
import pytest

from analysis.corpus.near import NEAR_COLUMNS, find_near_duplicates

WORDS = [f"word{number}" for number in range(3000)]


def make_papers(*papers, **columns):
    rows = [
        {"paper_id": f"p{place}", "title": title, "abstract": abstract}
        for place, (title, abstract) in enumerate(papers)
    ]
    return pd.DataFrame(rows, columns=["paper_id", "title", "abstract"]).assign(**columns)


def make_text(seed, n_words=150):
    return " ".join(random.Random(seed).choices(WORDS, k=n_words))


def change_words(text, share, seed):
    draw = random.Random(seed)
    return " ".join(draw.choice(WORDS) if draw.random() < share else word for word in text.split())


def compare_exactly(first, second):
    sets = [
        {tuple(words[start : start + 3]) for start in range(len(words) - 2)}
        for words in (first.split(), second.split())
    ]
    return len(sets[0] & sets[1]) / len(sets[0] | sets[1])


def test_a_revised_text_is_found_with_its_exact_similarity():
    text = make_text(1)
    revised = text.replace(text.split()[10], "changed", 1)
    found = find_near_duplicates(make_papers(("A title", text), ("Another", make_text(2)), ("A title", revised)))
    assert found[["paper_id", "other_id", "relation"]].to_numpy().tolist() == [["p0", "p2", "revised text"]]
    assert found["similarity"][0] == pytest.approx(compare_exactly(f"a title {text}", f"a title {revised}"))


def test_case_and_punctuation_do_not_make_another_text():
    found = find_near_duplicates(
        make_papers(("Robots fall", "They fall, often; we ask why."), ("ROBOTS FALL", "they fall often: we ask why"))
    )
    assert found[["similarity", "relation"]].to_numpy().tolist() == [[1.0, "same text"]]


def test_every_pair_above_the_similarity_is_found_and_none_below():
    texts = [make_text(seed) for seed in range(150)]
    papers = [("T", text) for text in texts] + [
        ("T", change_words(text, 0.05, seed)) for seed, text in enumerate(texts)
    ]
    planted = {
        (f"p{place}", f"p{place + 150}"): compare_exactly(f"t {text}", f"t {papers[place + 150][1]}")
        for place, text in enumerate(texts)
    }
    found = find_near_duplicates(make_papers(*papers), similarity=0.8)
    expected = {pair for pair, overlap in planted.items() if overlap >= 0.8}
    assert 20 < len(expected) < 140
    assert set(zip(found["paper_id"], found["other_id"], strict=True)) == expected
    assert (np.diff(found["similarity"]) <= 0).all()


@pytest.mark.parametrize(
    ("columns", "relation"),
    [
        ({"doi": ["10.48550/arxiv.2501.00001", "10.1000/x"]}, "preprint and published"),
        ({"venue": ["arXiv preprint arXiv:2501.00001", "Journal of Falls"]}, "preprint and published"),
        ({"url": ["https://arxiv.org/abs/2501.00001", None], "venue": [None, "NeurIPS"]}, "preprint and published"),
        ({"arxiv_id": ["2501.00001", ""], "doi": ["", "10.1000/x"]}, "preprint and published"),
        ({"paper_id": ["2501.00001", "W1"], "doi": [None, "10.1000/x"]}, "preprint and published"),
        ({"venue": ["bioRxiv", "Journal of Falls"]}, "preprint and published"),
        ({"venue": ["Journal of Falls", "Annals of Floors"]}, "same text"),
        ({"doi": [None, "10.1000/x"]}, "same text"),
        ({}, "same text"),
    ],
)
def test_a_preprint_and_its_published_version_are_told_by_ids_and_venues(columns, relation):
    papers = make_papers(("Robots fall", make_text(1)), ("Robots fall", make_text(1)), **columns)
    assert list(find_near_duplicates(papers)["relation"]) == [relation]


def test_a_preprint_with_another_abstract_is_found_by_its_title():
    papers = make_papers(
        ("Why robots fall on floors", make_text(1)),
        ("Why Robots Fall on Floors.", make_text(2)),
        venue=["arXiv", "Journal of Falls"],
        published=pd.to_datetime(["2023-01-05", "2024-06-01"]),
    )
    found = find_near_duplicates(papers)
    assert list(found["relation"]) == ["preprint and published"]
    assert found["similarity"][0] < 0.1
    papers["published"] = pd.to_datetime(["2013-01-05", "2024-06-01"])
    assert find_near_duplicates(papers).empty


def test_without_an_abstract_title_and_year_must_do():
    title = "Why robots fall on floors"
    papers = make_papers((title, ""), (title.upper(), make_text(1)), (title, ""), ("Editorial", ""), ("Editorial", ""))
    papers["published"] = pd.to_datetime(["2020-01-01", "2020-05-01", "2022-01-01", "2020-01-01", "2020-01-01"])
    found = find_near_duplicates(papers)
    assert found.to_numpy().tolist() == [["p0", "p1", 1.0, "same title"]]


def test_two_abstracts_under_one_title_are_two_papers():
    assert find_near_duplicates(
        make_papers(("Why robots fall on floors", make_text(1)), ("Why robots fall on floors", make_text(2)))
    ).empty


@pytest.mark.parametrize(
    "papers",
    [make_papers(), make_papers(("One", "text")), make_papers(("", ""), ("", "")), make_papers(("a", "b"), ("c", "d"))],
)
def test_few_or_empty_papers_give_an_empty_table_of_the_same_shape(papers):
    found = find_near_duplicates(papers)
    assert tuple(found.columns) == NEAR_COLUMNS
    assert found.empty
    assert list(map(str, found.dtypes)) == ["str", "str", "float64", "str"]


def test_the_same_papers_give_the_same_table_and_stay_as_they_are():
    papers = make_papers(*[("T", change_words(make_text(seed % 20), 0.02, seed)) for seed in range(60)])
    before = papers.copy()
    first, second = find_near_duplicates(papers), find_near_duplicates(papers)
    pd.testing.assert_frame_equal(first, second)
    pd.testing.assert_frame_equal(papers, before)
    assert len(first) > 10


def test_a_crowd_of_one_text_gives_no_more_pairs_than_papers():
    papers = make_papers(*[("T", make_text(1))] * 500)
    assert len(find_near_duplicates(papers)) == 499


def test_any_index_will_do():
    papers = make_papers(("T", make_text(1)), ("T", make_text(1)))
    papers.index = [7, 7]
    assert len(find_near_duplicates(papers)) == 1


@pytest.mark.parametrize("similarity", [0.5, 1.2, float("nan")])
def test_a_similarity_that_cannot_be_kept_is_refused(similarity):
    with pytest.raises(ValueError, match=r"from 0\.7 to 1"):
        find_near_duplicates(make_papers(("T", "x")), similarity=similarity)
