"""Tests of the readers for instruments and cameras."""
