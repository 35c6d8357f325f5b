"""The small case as a flow of Viewflow: an application of Django."""
