"""Every place where moto is made to behave as AWS does, one file per service."""
