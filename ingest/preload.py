"""What the fork server loads once, so that a child starts with it: importing this module does it."""

from __future__ import annotations

from contextlib import suppress

import onnxruntime  # noqa: F401 - takes a while; its sessions are opened after the fork

import ingest.enrich.recogniser  # noqa: F401 - imported by nobody else before it is chosen
from ingest.enrich.word_lists import word_lists
from ingest.normalize.language import identifier
from ingest.registry import discover

discover()
word_lists()
# Its model is unpacked in the folder for temporary files. Where that is full, the child that needs it
# says so, for the run to end with; a server that ends here would not be heard.
with suppress(OSError):
    identifier()
