"""The completeness check: one list of defects, once; what was accepted stays accepted."""
