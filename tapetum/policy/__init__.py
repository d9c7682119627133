"""What policies say and decide: documents, selectors, resources, a cluster's state, and its evaluation.

Pure: values in, values out. It knows no store, no clock and no file; docs/decisions/0014-policy-engine.md.
"""
