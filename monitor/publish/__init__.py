"""The doors to readers: feeds, site, mail."""
