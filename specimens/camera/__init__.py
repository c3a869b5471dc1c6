"""From a flat document to the file that a hand-held camera stores."""
