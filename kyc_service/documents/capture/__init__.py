"""Whether a capture of a document can be used, and what to do better next time."""
