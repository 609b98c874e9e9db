"""This copy of Sightline: versions, licences, updates, logging, crash reports."""
