"""How fast the explorer is."""
