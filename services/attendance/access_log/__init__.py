"""Who looked at whose attendance, and when: written before the answer, shown to the person."""
