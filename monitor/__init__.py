"""Optout Monitor: tells people when the way out of AI training changes, with proof."""

__version__ = "0.1.0"
