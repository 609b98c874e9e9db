"""Files of instruments and cameras, one module a format, each on a package that knows it."""
