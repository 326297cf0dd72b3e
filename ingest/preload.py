"""What the fork server loads once, so that a child starts with it: importing this module does it."""

from __future__ import annotations

from ingest.normalize.language import identifier
from ingest.registry import discover

discover()
identifier()
