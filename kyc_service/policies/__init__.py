"""Policies: the bank's rules as versioned files, read and resolved against calibrations."""
