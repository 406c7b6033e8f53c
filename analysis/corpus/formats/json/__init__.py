"""JSON of every container and dialect."""
