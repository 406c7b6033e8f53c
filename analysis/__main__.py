"""`python -m analysis` is `themeline`."""

from analysis.cli import script

if __name__ == "__main__":
    script()
