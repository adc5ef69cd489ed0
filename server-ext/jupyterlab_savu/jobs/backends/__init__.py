"""The places where jobs run: one small module each."""
