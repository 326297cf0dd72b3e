"""One file an enrichment; each finds facts in a normalised article."""
