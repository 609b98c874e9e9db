"""What came of a batch job: exports and scores."""
