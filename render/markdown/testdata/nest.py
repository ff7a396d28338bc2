# Reads a list of Markdown texts as JSON and writes how deep the items of the lists of each lie, in
# order, as Python-Markdown reads them with the extensions that MkDocs and its users have.
import json
import sys
from html.parser import HTMLParser

import markdown


class Items(HTMLParser):
    def __init__(self):
        super().__init__()
        self.depth, self.items = 0, []

    def handle_starttag(self, tag, attrs):
        if tag in ("ul", "ol"):
            self.depth += 1
        elif tag == "li":
            self.items.append(self.depth)

    def handle_endtag(self, tag):
        if tag in ("ul", "ol"):
            self.depth -= 1


out = []
for text in json.load(sys.stdin):
    page = Items()
    page.feed(markdown.markdown(text, extensions=["extra", "sane_lists"]))
    out.append(page.items)
json.dump(out, sys.stdout)
