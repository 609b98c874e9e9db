"""Everything Sightline can do, without Qt."""
