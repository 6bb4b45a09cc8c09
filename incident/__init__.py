"""What people are told about an outage, and what is learned from it: documents."""
