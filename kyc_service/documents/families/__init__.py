"""The kinds of document that are read, one module or folder each."""
