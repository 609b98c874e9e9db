"""Writing models for other programs, each proven by another engine before it leaves."""
