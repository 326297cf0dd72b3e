"""Trains the recogniser anew from the corpora; see `__main__` for how, `model/CARD.md` for what came of it."""
