"""Draw the picture that links to the site are shown with, in words of no language: a way out, and a text that changed.

python tools/card.py    write monitor/publish/static/card.png (1,200 x 630, what link previews ask for)
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from monitor.fetch.chromium import chromium_path

TARGET = Path(__file__).resolve().parents[1] / "monitor" / "publish" / "static" / "card.png"
WIDTH, HEIGHT = 1200, 630
# The colours are those of site.css; the door is that of icon.svg.
CARD = f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">
<rect width="{WIDTH}" height="{HEIGHT}" fill="#0b4f52"/>
<g transform="translate(70 115) scale(12.5)">
<path fill="#fff" d="M8 6h11a2 2 0 0 1 2 2v3h-3V9h-7v14h7v-2h3v3a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2z"/>
<path fill="#ffc857" d="M14 14.7h7.6l-2.1-2.1 1.9-1.9 5.3 5.3-5.3 5.3-1.9-1.9 2.1-2.1H14z"/>
</g>
<g transform="translate(560 105)">
<rect width="560" height="190" rx="18" fill="#fff"/>
<rect x="40" y="42" width="480" height="24" rx="12" fill="#dcdfe3"/>
<rect x="40" y="84" width="150" height="24" rx="12" fill="#dcdfe3"/>
<rect x="206" y="76" width="220" height="40" rx="8" fill="#fbe1de"/>
<rect x="222" y="92" width="188" height="8" rx="4" fill="#7a1610"/>
<rect x="40" y="126" width="330" height="24" rx="12" fill="#dcdfe3"/>
</g>
<g transform="translate(560 335)">
<rect width="560" height="190" rx="18" fill="#fff"/>
<rect x="40" y="42" width="480" height="24" rx="12" fill="#dcdfe3"/>
<rect x="40" y="84" width="150" height="24" rx="12" fill="#dcdfe3"/>
<rect x="206" y="76" width="290" height="40" rx="8" fill="#d8f1df"/>
<rect x="222" y="84" width="258" height="24" rx="12" fill="#0a4622"/>
<rect x="40" y="126" width="330" height="24" rx="12" fill="#dcdfe3"/>
</g>
</svg>"""


def main() -> None:
    """Draw the card in a browser and write it."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        page = running.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.set_content(f'<!doctype html><body style="margin:0;line-height:0">{CARD}</body>')
        TARGET.write_bytes(page.screenshot())
        running.close()


if __name__ == "__main__":
    main()
