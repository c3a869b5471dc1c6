"""Identity verification: document, face, phone and place in, one explained verdict out."""

__version__ = "0.1.0"
