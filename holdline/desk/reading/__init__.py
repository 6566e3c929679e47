"""What is only read: lists, the search, reports, transcripts."""
