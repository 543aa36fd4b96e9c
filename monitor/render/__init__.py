"""Alerts to text: feed entries, mails, pages. Sends nothing."""
