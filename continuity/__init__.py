"""The vocabulary of continuity: frozen values and pure rules, standard library only.

Every other room imports it; it imports none of them and no vendor.
"""
