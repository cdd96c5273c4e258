"""``python -m services.kpi`` runs the service; ``… migrate`` prepares its database."""

from kit.process import main
from services.kpi.app import build
from services.kpi.settings import Settings

main("kpi", Settings, build)
