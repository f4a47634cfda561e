"""Triggers: one module a family. Each builds from its part and attaches to what it waits for."""
