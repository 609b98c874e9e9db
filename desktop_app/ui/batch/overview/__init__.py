"""A job at a glance: labels, accuracy, problems."""
