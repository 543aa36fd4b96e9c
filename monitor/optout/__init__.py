"""What a change means for someone who wants out; the way out as data."""
