"""A small fit of made-up papers on three subjects, and papers that come after it."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.config import Config, parse_config
from analysis.themes import ThemeTables, build_themes
from analysis.themes.build import join_text
from analysis.themes.embedding import MiniLM
from tests.themes.made_texts import COOKING, ROBOTS, STARS

SETTINGS = {
    "themes": {
        "n_alternatives": 4,
        "named": [
            {"name": "Robotics", "phrases": ["robot manipulation", "robotic grasping", "legged locomotion"]},
            {"name": "Kitchen", "examples": ["c0", "c1"], "unlike": ["chemistry of salts"]},
        ],
    }
}
LAW = [
    f"A mortgage law of {place}. We compare court rulings on mortgage contracts and the rights of debtors in {place}."
    for place in ("Norway", "Ghana", "Peru", "Nepal", "Malta", "Chile")
]


class Fit(NamedTuple):
    """A fit, what it was made from, and the papers left out of it."""

    config: Config
    papers: pd.DataFrame
    tables: ThemeTables
    later: pd.DataFrame


def tell_apart(text: str, number: int) -> str:
    """The text as another group would have written it."""
    return text if number == 0 else f"Once more: {text} A second group repeats this with fewer means."


def make_frame(texts: dict[str, str]) -> pd.DataFrame:
    """Papers by their ids."""
    titles, abstracts = zip(*(text.split(". ", 1) for text in texts.values()), strict=True)
    days = pd.to_datetime([f"{2015 + row % 8}-03-0{1 + row % 9}" for row in range(len(texts))])
    return pd.DataFrame({"paper_id": list(texts), "title": titles, "abstract": abstracts, "published": days})


def make_texts() -> dict[str, str]:
    """Every made-up text twice, by an id that tells its subject: r, s or c."""
    return {
        f"{letter}{row}" if number == 0 else f"{letter}{row}again": tell_apart(text, number)
        for letter, texts in (("r", ROBOTS), ("s", STARS), ("c", COOKING))
        for row, text in enumerate(texts)
        for number in (0, 1)
    }


def make_fit(settings: dict = SETTINGS) -> Fit:
    """A fit of 40 papers; two of each subject, the first of them a repeat, come later."""
    config, texts = parse_config(settings), make_texts()
    late = [f"{letter}{row}{again}" for letter in "rsc" for row, again in ((5, "again"), (6, "again"))]
    papers = make_frame({name: text for name, text in texts.items() if name not in late})
    return Fit(config, papers, build_themes(papers, config), make_frame({name: texts[name] for name in late}))


def join_texts(papers: pd.DataFrame) -> list[str]:
    """The texts that are embedded."""
    return [join_text(*pair) for pair in zip(papers["title"], papers["abstract"], strict=True)]


def embed(papers: pd.DataFrame) -> np.ndarray:
    """Their vectors."""
    return MiniLM().encode(join_texts(papers))
