"""Gold data: what is known to be right, for tests and measures of quality."""
