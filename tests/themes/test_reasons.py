"""Why a paper bears its theme is said once for all papers with the same reason, in the figures of each."""

from types import SimpleNamespace

import numpy as np

from analysis.themes.assigning import Assignment
from analysis.themes.tables import LOWEST, _explain

LABELS = ("Robots", "Law", "Stars")


def explain(scores):
    theme = np.where(scores.max(axis=1) < LOWEST, -1, scores.argmax(axis=1))
    assignment = Assignment(theme, scores, (0,), 2, np.zeros((0, 3), dtype=bool), 0.5)
    return theme, _explain(SimpleNamespace(assignment=assignment), SimpleNamespace(labels=LABELS))


def test_the_score_is_the_one_of_the_paper_also_halfway_between_two_hundredths():
    draw = np.random.default_rng(0)
    # Many scores of three digits: half of those that end in 5 are written upwards, half downwards.
    scores = np.vstack([draw.random((2_000, 3)), draw.random((2_000, 3)).round(3), draw.random((200, 3)) / 8])
    theme, reasons = explain(scores)
    starts = ("no theme scores", "close to the phrases of Robots", "close to the phrases of Law", "lies among")
    for row, reason in enumerate(reasons):
        assert reason.startswith(starts[theme[row] + 1])
        assert f"{scores[row].max():.2f}" in reason.replace(")", "").split(" ")[-1]
    assert {-1, 0, 1, 2} == set(theme)


def test_papers_with_the_same_reason_share_it():
    _, reasons = explain(np.tile([[0.1, 0.9, 0.2]], (50, 1)))
    assert len({id(reason) for reason in reasons}) == 1
