"""kubebook: runs a book's snippets on a real cluster and keeps what they printed true."""

__version__ = "0.1.0"
