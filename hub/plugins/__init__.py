"""Integrations and the hub's own parts, hosted through pluggy; built-ins like a stranger's."""
