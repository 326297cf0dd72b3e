"""Trains the recogniser anew from the corpora: `__main__` says how, `model/CARD.md` what came of it."""
