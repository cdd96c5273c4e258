"""Who works where: agencies, offices, people with dated posts, accounts and their sessions."""
