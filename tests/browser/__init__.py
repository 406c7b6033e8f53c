"""Tests that open what is written in a real browser: Debian's chromium, without a network."""
