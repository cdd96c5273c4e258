"""``python -m services.subscriptions`` runs the service; ``… migrate`` prepares its database."""

from kit.process import main
from services.subscriptions.app import build
from services.subscriptions.settings import Settings

main("subscriptions", Settings, build)
