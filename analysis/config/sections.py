"""The settings of a study: one class per section, every setting with a default that serves."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

FigureFormat = Literal["html", "png", "svg"]
ReportFormat = Literal["html", "md", "pdf", "xlsx", "csv", "json", "bibtex", "ris"]
PeriodSetting = Literal["auto", "week", "month", "quarter", "half", "year"]
CountingSetting = Literal["full", "fractional"]

_BASE_ADDRESS = re.compile(r"https?://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?(/[A-Za-z0-9._~%/-]*)?")


class InputError(ValueError):
    """The input or the configuration is at fault; the message says where, what and what to do."""


def _refuse_numbers(day: object) -> object:
    # Pydantic would take a number for seconds since 1970.
    if isinstance(day, str):
        return dt.date.fromisoformat(day)
    if isinstance(day, dt.date):
        return day
    raise ValueError("give a day")


Day = Annotated[dt.date, BeforeValidator(_refuse_numbers)]


class Section(BaseModel):
    """A part of the configuration: frozen, with unknown settings refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CorpusSection(Section):
    """Where the papers come from and what they are a sample of."""

    # Files, folders and patterns, relative to study.toml.
    sources: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    captured: Day | None = None
    undated: Literal["keep", "drop"] = "keep"
    # Our name -> the table's own, where it is not found by itself: {abstract = "Summary"}.
    columns: dict[str, str] = Field(default_factory=dict)
    # Papers surely in another language are set aside; none named: all stay, flagged.
    languages: tuple[Annotated[str, Field(pattern="^[a-z]{2,3}$")], ...] = ()
    # List pairs of papers with nearly the same text.
    near_duplicates: bool = True
    caution: str = ""


class EmbeddingSection(Section):
    """How a text becomes a vector.

    The contextual encoder agrees best with the labels of people, the static
    one is some hundred times as fast: figures/benchmarks/encoders.md.
    """

    # "auto": contextual up to 5,000 papers, static above. Or "minilm", "static", or a sentence-transformers model.
    encoder: Annotated[str, Field(min_length=1)] = "auto"
    lexical: Literal["auto", "on", "off"] = "auto"
    lexical_dimensions: Annotated[int, Field(ge=2, le=1024)] = 128
    lexical_weight: Annotated[float, Field(gt=0, le=2)] = 0.5


class FitSection(Section):
    """How many papers themes are made from."""

    # "auto": all up to 20,000, of a larger corpus a sample of that size; a number: at most so many.
    # The other papers are placed by the fitted model. Examples of named themes are always fitted.
    papers: Literal["auto"] | int = "auto"

    @field_validator("papers", mode="before")
    @classmethod
    def _is_a_number_or_auto(cls, papers: object) -> object:
        if papers == "auto" or (isinstance(papers, int) and not isinstance(papers, bool) and papers >= 10):
            return papers
        raise ValueError('give "auto" or a whole number, 10 or more')


class NeighboursSection(Section):
    """The graph that map and clusters share."""

    n_neighbours: Annotated[int, Field(ge=2, le=200)] = 40


class MapSection(Section):
    """The two-dimensional layout."""

    min_dist: Annotated[float, Field(ge=0, le=1)] = 0.1


class ClusteringSection(Section):
    """How topics are found."""

    method: Literal["leiden", "hdbscan"] = "leiden"
    # Unset: 1.3 below 300 papers, 0.7 from there on (measured on labelled corpora).
    resolution: Annotated[float, Field(gt=0, le=20)] | None = None
    min_topic_size: Annotated[int, Field(ge=2)] = 3


class NamedTheme(Section):
    """A theme that the study asks for by name, with phrases, examples (paper ids) or both.

    `examples` surely belong. `unlike` holds phrases for other senses of the
    same words: a paper that is closer to one of them than to any of `phrases`
    is no member.
    """

    name: Annotated[str, Field(min_length=1, max_length=80)]
    phrases: tuple[str, ...] = ()
    examples: Annotated[tuple[str, ...], Field(validate_default=True)] = ()
    unlike: tuple[str, ...] = ()
    description: str = ""

    @field_validator("name")
    @classmethod
    def _name_has_a_letter(cls, name: str) -> str:
        if not any(character.isalnum() for character in name):
            raise ValueError("a name needs a letter or a digit")
        name = " ".join(name.split())
        if name.casefold() == "unassigned":
            raise ValueError("this name is kept for the papers that have no theme")
        return name

    @field_validator("phrases", "unlike")
    @classmethod
    def _phrases_say_something(cls, phrases: tuple[str, ...]) -> tuple[str, ...]:
        if not all(phrase.strip() for phrase in phrases):
            raise ValueError("a phrase is empty")
        return tuple(dict.fromkeys(phrases))

    @field_validator("examples")
    @classmethod
    def _something_is_asked_for(cls, examples: tuple[str, ...], info: Any) -> tuple[str, ...]:
        if not all(example.strip() for example in examples):
            raise ValueError("an example is empty")
        # Absent from `data` where they are at fault themselves, which is said already.
        if not examples and info.data.get("phrases") == ():
            raise ValueError("phrases is missing too; give phrases, examples (paper ids) or both")
        return tuple(dict.fromkeys(examples))


class ThemesSection(Section):
    """Which themes are asked for, and how the rest is found."""

    named: tuple[NamedTheme, ...] = ()
    n_alternatives: Annotated[int, Field(ge=0, le=200)] = 10

    @model_validator(mode="after")
    def _names_differ(self) -> ThemesSection:
        names = [theme.name.casefold() for theme in self.named]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two named themes are called {', '.join(map(repr, twice))}")
        return self


class LabelsSection(Section):
    """Labels of discovered themes by a language model behind an OpenAI-compatible endpoint; empty `endpoint`: off.

    `key_from` names the environment variable that holds the key; the key itself stands in no file.
    """

    endpoint: str = ""
    model: str = ""
    key_from: str = ""
    topics: bool = False
    timeout: Annotated[float, Field(gt=0, le=600)] = 60.0
    n_papers: Annotated[int, Field(ge=0, le=20)] = 5

    @model_validator(mode="after")
    def _can_be_asked(self) -> LabelsSection:
        # On the whole section: a fault of one setting would show its value, and this one may hold a key by mistake.
        if self.key_from and not re.fullmatch("[A-Z_][A-Z0-9_]{0,63}", self.key_from):
            raise ValueError(
                "key_from is not the name of an environment variable (capitals, digits, _). "
                'Put the key into one and name it here: key_from = "LABELS_KEY"'
            )
        if self.endpoint and not _BASE_ADDRESS.fullmatch(self.endpoint):
            raise ValueError(
                "endpoint is not a base address such as http://localhost:11434/v1 (http or https, no user name, "
                "no password, nothing after ? or #; a key goes into the variable that key_from names)"
            )
        if self.endpoint and not self.model.strip():
            raise ValueError('model is missing. Name the model to ask: model = "..."')
        return self


class TrendsSection(Section):
    """How shares are counted over time and what counts as a trend."""

    period: PeriodSetting = "auto"
    start: Day | None = None
    alpha: Annotated[float, Field(gt=0, lt=0.5)] = 0.05
    # Both are odds ratios over the observed span: inside the one a theme counts as steady, ...
    margin: Annotated[float, Field(gt=1, le=10)] = 1.5
    # ... and below the other a change is too small to be called a rise or, upside down, a fall.
    min_effect: Annotated[float, Field(ge=1, le=10)] = 1.2
    # "fractional" splits a paper between its theme and the runner-up, in proportion to their scores.
    counting: CountingSetting = "full"
    # CSV with the columns period and total: all papers of the field; relative to study.toml.
    field_totals: str = ""


class FiguresSection(Section):
    """Which files each figure is written to."""

    formats: tuple[FigureFormat, ...] = ("html", "png", "svg")


class ReportSection(Section):
    """The written report."""

    title: str = ""
    # "bibtex" and "ris" are the papers of each theme. A spreadsheet of many papers takes long: it is for the asking.
    formats: tuple[ReportFormat, ...] = ("html", "md", "csv")
    # Folder of Jinja templates that stand in for ours of the same name; relative to study.toml.
    templates: str = ""
    n_representatives: Annotated[int, Field(ge=1, le=50)] = 3


class Config(Section):
    """All settings of a study; every one has a default that serves."""

    seed: Annotated[int, Field(ge=0, lt=2**31)] = 42
    corpus: CorpusSection = CorpusSection()
    embedding: EmbeddingSection = EmbeddingSection()
    fit: FitSection = FitSection()
    neighbours: NeighboursSection = NeighboursSection()
    map: MapSection = MapSection()
    clustering: ClusteringSection = ClusteringSection()
    themes: ThemesSection = ThemesSection()
    labels: LabelsSection = LabelsSection()
    trends: TrendsSection = TrendsSection()
    figures: FiguresSection = FiguresSection()
    report: ReportSection = ReportSection()
