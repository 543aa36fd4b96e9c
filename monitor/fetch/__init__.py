"""The doors to the web: plain HTTP, browser, feeds, recordings."""
