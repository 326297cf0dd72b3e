"""Gold for stories: seeds, and what syndication makes of them."""
