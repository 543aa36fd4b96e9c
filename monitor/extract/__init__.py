"""Captures to documents: HTML and Markdown in, blocks with their heading trail out."""
