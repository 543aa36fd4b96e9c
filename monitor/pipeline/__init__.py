"""The shell: calls edges and the heart in order, and decides nothing."""
