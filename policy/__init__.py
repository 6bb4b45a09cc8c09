"""The policy pack: what must be true of everything that a zone's program declares.

`holdfast preview` and tests run its rules offline, `pulumi preview --policy-pack policy` runs the
same ones in Pulumi's engine. It knows the vocabulary only, and neither the simulator nor AWS.
"""
