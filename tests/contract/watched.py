"""Watchlists for tests of their reader."""

from textwrap import dedent

from monitor.model.page import Watchlist
from monitor.watchlist import Rules, watchlist_from

USUAL = Rules()
START = """\
services:
  book: {name: Book}
pages:
  - id: policy
    service: book
    title: Policy
    url: https://book.example/privacy
    kind: policy
"""


def read(text: str, rules: Rules = USUAL) -> Watchlist:
    return watchlist_from(dedent(text), "watchlist.yaml", rules)
