"""How each Pulumi resource type is created, updated and deleted in the simulated AWS."""
