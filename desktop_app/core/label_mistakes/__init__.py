"""Pictures of a data set whose label is probably wrong."""
