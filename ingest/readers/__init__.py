"""One file a format; each turns an item into raw documents, or into further items."""
