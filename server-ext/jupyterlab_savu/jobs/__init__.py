"""Jobs: one state machine, their store, run folders and back ends. Nothing here imports Jupyter."""
