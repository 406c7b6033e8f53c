"""The slow half: from texts to topics and named themes."""

from analysis.themes.build import ThemeTables, build_themes, join_text

__all__ = ["ThemeTables", "build_themes", "join_text"]
