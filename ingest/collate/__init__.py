"""Passes over the whole collection: from findings to the rows of its tables."""
