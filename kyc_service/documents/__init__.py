"""Documents: find the card, read it, one module per document family."""
