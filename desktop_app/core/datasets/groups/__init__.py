"""Which pictures belong together, such as those of one patient, and stay in one subset."""
