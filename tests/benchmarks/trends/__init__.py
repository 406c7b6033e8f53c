"""How often trends are called that are not there, missed that are, and how well the intervals cover."""
