"""How the colours of the themes were found."""
