"""Reading a page back: its tags, its text, its links."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"meta", "rect", "path"}
"""Elements of the page that have no end."""


class Outline(HTMLParser):
    """What a page is made of.

    Attributes
    ----------
    tags : list of (str, tuple of str)
        Every element with the names of its attributes.
    ids, links, texts : list of str
        Ids, targets of links, and pieces of text outside styles.
    unbalanced : list of str
        Elements that are closed and were not open.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.texts: list[str] = []
        self.unbalanced: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        self.unbalanced += self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        known = dict(attrs)
        if known.get("id"):
            self.ids.append(str(known["id"]))
        if "href" in known or "src" in known:
            self.links.append(str(known.get("href", known.get("src"))))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that ends itself."""
        self.tags.append((tag, tuple(name for name, _ in attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Note the end of an element."""
        if self._open and self._open[-1] == tag:
            self._open.pop()
        else:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        """Note text."""
        if not self._open or self._open[-1] != "style":
            self.texts.append(data)
