"""Every way in for a person or a program: HTTP, pages and command line. Thin."""
