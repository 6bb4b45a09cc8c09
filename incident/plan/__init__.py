"""The business continuity plan of a zone: what code and config say, put into words for people."""
