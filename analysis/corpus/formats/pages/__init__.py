"""Pages that people read: the Daily Papers, as text, as saved and as digests."""
