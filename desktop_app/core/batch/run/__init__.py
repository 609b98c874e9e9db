"""Working a batch job off: here or on a Dask cluster."""
