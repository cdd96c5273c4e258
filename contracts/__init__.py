"""The language the processes speak: messages, views and outcomes; pydantic only, no I/O."""
