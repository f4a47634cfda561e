"""The pages, one module each: a class of handlers and `routes(...)` with the parts it needs."""
