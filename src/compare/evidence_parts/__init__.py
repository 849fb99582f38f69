"""What evidence needs: the untouched originals, places in words, pages cropped, tables drawn again, lines of text."""
