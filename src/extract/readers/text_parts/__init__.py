"""What the text reader needs beside it."""
