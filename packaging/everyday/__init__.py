"""Trains the shipped model Everyday; is no part of the app."""
