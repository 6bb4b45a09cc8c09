"""A world to rehearse in: simulated AWS with virtual time, slowness, faults and traffic.

Importing this package alone imports nothing heavy; `simulator.world` is where moto begins.
"""
