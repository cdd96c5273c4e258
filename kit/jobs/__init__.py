"""Long work: durable jobs that survive their worker, carried out in portions.

Promised: a job that was answered is carried out or says why not; after a crash it goes on from its
last portion; two workers never both count one. Not promised: a portion runs once. Work must bear
being repeated from the cursor it began at.
"""
