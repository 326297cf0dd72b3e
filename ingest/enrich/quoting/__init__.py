"""The parts of reading quotations: marks, what was said, cues, and who spoke."""
