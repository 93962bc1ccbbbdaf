"""Small, tested Keras 3 implementations of the image generators that the course teaches. Start with `contract.py`."""

__version__ = "0.1.0"
