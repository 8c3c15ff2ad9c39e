"""The Model Context Protocol: the tools with which an assistant searches, reads, asks and checks quotes here."""
