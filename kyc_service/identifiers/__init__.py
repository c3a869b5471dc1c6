"""Parsing and validating the strings printed on identity documents, in the shape of python-stdnum.

Each module offers the same few verbs: ``compact``, ``validate``, ``is_valid``, ``format``,
``parse`` and ``problems``. All of it is pure: today's date is an argument.
"""
