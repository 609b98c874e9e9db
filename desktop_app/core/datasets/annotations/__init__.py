"""Labels of pictures that stand in files: tables, JSON documents and lists beside the pictures."""
