"""Invented people: names, birth dates, places and numbers that fit together and belong to nobody."""
