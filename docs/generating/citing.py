"""How to cite: a methods paragraph of the bundled study, and the software."""

import yaml

from analysis.reports import describe_methods
from analysis.study import Study

_HEAD = """# How to cite, and a methods paragraph

Of any study that has been run, this writes a methods section to paste into a paper, to be shortened by you: every
number in it comes from the record of the run.

```python
import analysis as tl
print(tl.load("my-papers-themeline").describe_methods())
```

Of the bundled study it says:
"""


def describe_citing(study: Study, citation: str) -> str:
    """The page on citing.

    Parameters
    ----------
    study : Study
    citation : str
        Text of ``CITATION.cff``.
    """
    quoted = "\n".join(f"> {line}  " if line else ">" for line in describe_methods(study.tables).splitlines())
    cited = yaml.safe_load(citation)
    authors = " and ".join(f"{{{author['name']}}}" for author in cited["authors"])
    entry = (
        f"@software{{themeline,\n  title = {{{cited['title']}}},\n  author = {{{authors}}},\n"
        f"  version = {{{cited['version']}}},\n  year = {{{str(cited['date-released'])[:4]}}}\n}}"
    )
    return (
        f"{_HEAD}\n{_escape(quoted)}\n\n## The software\n\n```bibtex\n{entry}\n```\n\nAnd the numbers: "
        "`figures/manifest.json` lists the SHA-256 of every table, figure and report of a study, and `themeline check` "
        "tells whether they still belong together.\n"
    )


def _escape(text: str) -> str:
    return text.replace("*", "\\*").replace("_", "\\_")
