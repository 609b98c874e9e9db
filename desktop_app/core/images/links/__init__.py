"""Pictures behind links, fetched from public addresses only."""
