"""One file per kind of document; each has `write(page) -> bytes`."""
