"""Files fetched from the internet: whole or absent, and resumed."""
