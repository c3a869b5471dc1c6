"""What the service tells people and machines of its own accord, and the ways it takes."""
