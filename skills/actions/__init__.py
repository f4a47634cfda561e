"""Steps: one module a kind. Each is built once from its part and used by every run."""
