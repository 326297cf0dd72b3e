"""How good the collection's facts are, measured on gold data: one file a topic, one table."""
