"""Is what came the page at all? A refusal with its evidence, or nothing."""
