"""The Pulumi program: one component per concern, one file per component.

`__main__.py` at the top of the project runs it, once per zone; it ends in the recovery manifest.
"""
