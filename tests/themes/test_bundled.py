"""On the bundled listing, the themes are those that a reader would name."""

from analysis.themes.phrases import list_keys
from tests.reading import NAMED, compare


def titles_in(study, theme):
    return set(study.papers.loc[study.papers["theme"] == theme, "title"])


def test_named_themes_agree_with_the_reading_sheet(bundled_study):
    table = compare(bundled_study.papers).set_index("theme")
    assert table.loc[list(NAMED), "f1"].mean() >= 0.8


def test_robotics_holds_manipulation_imitation_and_navigation(bundled_study):
    titles = titles_in(bundled_study, "robotics")
    assert {
        "Manipulate by Seeing: Creating Manipulation Controllers from Pre-Trained Representations",
        "Behavior Retrieval: Few-Shot Imitation Learning by Querying Unlabeled Datasets",
        "DynaMo: In-Domain Dynamics Pretraining for Visuo-Motor Control",
        "Learning Navigational Visual Representations with Semantic Map Supervision",
    } <= titles


def test_alignment_holds_safety_and_rlhf_but_not_brain_alignment(bundled_study):
    titles = titles_in(bundled_study, "alignment")
    assert {
        "Safety Subspaces are Not Distinct: A Fine-Tuning Case Study",
        "Reward Generalization in RLHF: A Topological Perspective",
        "Tradeoffs Between Alignment and Helpfulness in Language Models with Representation Engineering",
    } <= titles
    assert "Instruction-tuning Aligns LLMs to the Human Brain" not in titles


def test_a_paper_may_score_high_on_several_named_themes(bundled_study):
    scores = bundled_study.theme_scores.drop(columns="paper_id")
    assert ((scores >= 0) & (scores <= 1)).all(axis=None)
    assert (scores > 0.4).sum(axis=1).max() >= 2


def test_labels_differ_and_none_is_made_of_stop_words(bundled_study):
    for table in (bundled_study.topics, bundled_study.themes):
        labels = [label.casefold() for label in table["label"]]
        assert len(set(labels)) == len(labels)
        assert all(list_keys(label) for label in labels)


def test_at_most_four_papers_are_unassigned_and_each_says_why(bundled_study):
    left = bundled_study.papers.query("theme == 'unassigned'")
    assert len(left) <= 4
    assert left["theme_reason"].str.contains("no theme scores").all()
    assert (bundled_study.papers["theme_reason"].str.len() > 10).all()


def test_no_theme_is_called_rising_or_falling_unless_q_is_below_alpha(bundled_study):
    called = bundled_study.trends[bundled_study.trends["verdict"].isin(["rising", "falling"])]
    assert (called["q"] < 0.05).all()
    assert bundled_study.trends["smallest_visible"].notna().any()
    assert bundled_study.trends["reason"].str.len().min() > 20


def test_every_table_counts_the_same_papers(bundled_study):
    assert bundled_study.themes["size"].sum() == len(bundled_study.papers) == 78
    assert bundled_study.topics["size"].sum() == 78
    assert bundled_study.shares["count"].sum() == 78
    assert len(bundled_study.theme_scores) == 78


def test_search_finds_papers_by_meaning(bundled_study):
    found = bundled_study.search("robots that learn from demonstrations", top=5)
    assert list(found["theme"]).count("Robotics") >= 3
    assert found["similarity"].is_monotonic_decreasing


def test_the_study_hands_out_a_fitted_bertopic_with_its_own_topics(bundled_study):
    model = bundled_study.to_bertopic()
    assert list(model.get_topic_info()["Count"]) == list(bundled_study.topics["size"])
    assert set(model.get_topic_info()["CustomName"]) == set(bundled_study.topics["label"])
