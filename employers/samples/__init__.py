"""Sample employers, made by the same functions as real ones: for the demo and for tests."""
