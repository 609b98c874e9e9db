"""A model as a web page that runs in a browser without a network: the page's files, and its runtime."""
