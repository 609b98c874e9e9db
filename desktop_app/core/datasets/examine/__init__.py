"""A folder to a report: what can be learned from it, and what needs attention."""
