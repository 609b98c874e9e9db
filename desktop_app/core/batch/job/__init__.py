"""A batch job as a file: what was asked for, a row for each picture."""
