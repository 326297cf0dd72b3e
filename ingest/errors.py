"""What can go wrong, as a caller may catch it; every message names the next step.

ReadingRoomError                anything this project raises on purpose
├── ItemError                   one item cannot be read; becomes a row in `problems`
├── SettingsError               metadata.yml is missing, unreadable or wrong
├── SourceError                 a place that articles come from is gone
├── PluginError                 a reader, enrichment or pass is declared wrongly
├── LockedError                 another run is writing the same collection
└── BuildError                  the new collection.db failed its own checks
"""


class ReadingRoomError(Exception):
    """Anything this project raises on purpose; `exit_code` is what the command ends with."""

    exit_code = 1


class ItemError(ReadingRoomError):
    """One item cannot be read: `code` for machines, `message` and `hint` for people."""

    def __init__(self, code: str, message: str, *, hint: str) -> None:
        """Keep the three parts apart, since `problems` has a column for each."""
        super().__init__(f"{message} {hint}")
        self.code = code
        self.message = message
        self.hint = hint


class SettingsError(ReadingRoomError):
    """metadata.yml is missing, unreadable or holds a value that makes no sense."""


class SourceError(ReadingRoomError):
    """A place that articles come from is gone; the collection was left as it is."""


class PluginError(ReadingRoomError):
    """A reader, an enrichment or a pass over the collection is declared wrongly."""


class LockedError(ReadingRoomError):
    """Another run is writing the same collection; nothing was touched."""

    exit_code = 75  # EX_TEMPFAIL of sysexits.h: try again later


class BuildError(ReadingRoomError):
    """The new collection.db failed its own checks; the old one is untouched."""
