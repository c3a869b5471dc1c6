"""The catalogue's entries, by branch of the check tree."""
