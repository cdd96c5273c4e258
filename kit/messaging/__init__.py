"""RabbitMQ: topology, services, the gateway's bus, the relay of outboxes, retries."""
