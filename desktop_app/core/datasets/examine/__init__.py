"""From a folder to a report: what can be trained on, and what needs attention."""
