"""XML of every dialect, streamed and without entities."""
