"""The numerical methods, as functions on arrays; they know neither files nor process lists."""
