"""The local API: other programs ask over HTTP what a picture shows.

Needs neither Qt nor threads of its own: the web server (waitress) brings its threads, and each request does
its work in the thread that it came in.
"""
