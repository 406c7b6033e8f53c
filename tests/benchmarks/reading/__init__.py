"""How fast papers are read and how much memory that takes, step by step, beside plain JSON and pandas."""
