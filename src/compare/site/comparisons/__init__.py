"""The comparison pages: offices beside each other, each drawing with its table and its CSV, each mark a way to a cell."""
