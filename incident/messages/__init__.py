"""What is told to whom when, in which words, and that it arrives: rules, templates, the outbox."""
