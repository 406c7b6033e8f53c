"""Text with a tag at the start of each line."""
