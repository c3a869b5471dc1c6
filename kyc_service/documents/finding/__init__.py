"""Finding the document on a picture: its outline, and the line that tells what it is."""
