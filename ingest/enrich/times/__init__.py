"""The parts of reading dates in text: forms, phrases, doubts, readings, relations, arithmetic."""
