"""What each chart and each page shows, as data: one row per mark, without any drawing."""
