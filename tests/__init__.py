"""Promises that the kit keeps, one test each."""
