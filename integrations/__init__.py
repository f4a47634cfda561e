"""Adapters to devices and services, one folder each. They import only the public face `hub`."""
