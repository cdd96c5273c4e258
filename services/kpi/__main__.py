"""``python -m services.kpi`` runs the service; ``… migrate`` prepares its database.

``… ledger export|verify|restore`` is the operator's tool for the ledger.
"""

from kit.process import Tool, main
from services.kpi.app import build
from services.kpi.ledger import tool
from services.kpi.settings import Settings

main("kpi", Settings, build, tools={"ledger": Tool(tool.add_arguments, tool.run)})
