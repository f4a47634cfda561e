"""The one way out: `notify.send(...)`. A notification is stored before it is sent."""
