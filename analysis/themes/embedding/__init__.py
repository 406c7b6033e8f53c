"""Texts become vectors: by a contextual or a static encoder, joined with the words themselves, each kept once found."""

from analysis.themes.embedding.choosing import Encoder, describe_encoder, find_encoder
from analysis.themes.embedding.joining import Embedding, embed_texts, join_vectors
from analysis.themes.embedding.lexical import LexicalSpace, embed_words, make_unit
from analysis.themes.embedding.minilm import MiniLM
from analysis.themes.embedding.shards import encode_cached
from analysis.themes.embedding.static import StaticEncoder
from analysis.themes.embedding.weights import find_packaged_weights

__all__ = [
    "Embedding",
    "Encoder",
    "LexicalSpace",
    "MiniLM",
    "StaticEncoder",
    "describe_encoder",
    "embed_texts",
    "embed_words",
    "encode_cached",
    "find_encoder",
    "find_packaged_weights",
    "join_vectors",
    "make_unit",
]
