"""Reports for people: one self-contained HTML page per report."""
