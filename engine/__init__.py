"""The process engine: BPMN, DMN and forms in, durable process instances out.

Knows no city, no HTTP and no e-mail. What the city wants a diagram to be able to do arrives as registered names
(`engine.registry`); what happened in an instance leaves as occurrences, in the same transaction.
"""
