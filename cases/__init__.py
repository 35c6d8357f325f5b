"""The city: reports and cases, units and areas, promises and publications, and what people may do.

Knows the engine, not the doors. The diagram is the only state machine; this room keeps facts.
"""
