"""Processes for tests, one for each construct, as files any BPMN tool reads; what happens to them is in `lives`."""
