"""Files of any length made from real text: sentences of neighbouring papers spliced, so that none repeats."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import numpy as np

_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def write_papers(corpus: Path, path: Path, n_papers: int, *, seed: int = 42) -> None:
    """Write JSON lines of `n_papers` records whose text is spliced from those of `corpus`.

    Each record keeps the fields and the date of a real one and takes every
    other sentence from one of its twenty neighbours.
    """
    with gzip.open(corpus, "rt", encoding="utf-8") as file:
        real: list[dict[str, Any]] = [json.loads(line) for line in file]
    sentences = [_SENTENCE.split(paper["abstract"]) for paper in real]
    draw = np.random.default_rng(seed)
    with path.open("w", encoding="utf-8") as out:
        for number in range(n_papers):
            own = number % len(real)
            other = int((own + draw.integers(1, 20)) % len(real))
            mixed = [*sentences[own][::2], *sentences[other][1::2]]
            draw.shuffle(mixed)
            # The number keeps it apart: of a million pairs of 17,145 titles most would come thrice.
            title = f"{real[own]['title']} {real[other]['title'].split(':')[-1]} {number}"
            # Not the real address: its arXiv id would make one paper of many.
            new = {"id": f"p{number}", "url": f"https://example.org/abs/{number}"}
            record = {**real[own], **new, "title": title, "abstract": " ".join(mixed)}
            out.write(json.dumps(record, ensure_ascii=False) + "\n")
