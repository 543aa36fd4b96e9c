"""Two documents in, what differs out; the only user of diff-match-patch."""
