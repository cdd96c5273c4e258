"""A QR code as an SVG picture: one path, black on white, with the quiet margin readers need."""

from functools import lru_cache

_MARGIN = 4


@lru_cache(maxsize=256)
def qr_svg(text: str) -> str:
    """The picture of a text; a replica draws each code once."""
    from reportlab.graphics.barcode import qrencoder  # only where a kiosk asks: it is not small

    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    size = code.moduleCount + 2 * _MARGIN
    path = "".join(
        f"M{column + _MARGIN},{row + _MARGIN}h1v1h-1z"
        for row, cells in enumerate(code.modules)
        for column, dark in enumerate(cells)
        if dark
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0,0h{size}v{size}h-{size}z"/>'
        f'<path d="{path}"/></svg>'
    )
