"""Whether this installation works: folders and a self-test, for ``sightline doctor``."""
