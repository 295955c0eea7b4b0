"""Reads a briefing in HTML as a browser would: its text, its tags, and what it asks for."""

from html.parser import HTMLParser

from justhtml import JustHTML

EMPTY = {"meta", "br", "link", "img", "input", "hr"}
LOADING = {"src", "srcset", "data", "poster", "background", "action", "formaction", "xlink:href", "ping"}


class Read(HTMLParser):
    """A parsed page; what HTML5 does not allow is an error.

    Parameters
    ----------
    html
        The complete file.
    """

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.unclosed: list[str] = []
        self.texts: list[str] = []
        self.in_order: list[tuple[str, str]] = []
        JustHTML(html, strict=True, sanitize=False)
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in EMPTY:
            self.unclosed.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.unclosed, f"</{tag}> closes nothing"
        assert self.unclosed[-1] == tag, f"</{tag}> closes <{self.unclosed[-1]}>"
        self.unclosed.pop()

    def handle_data(self, data: str) -> None:
        if self.unclosed and self.unclosed[-1] != "style":
            self.texts.append(data)
            self.in_order.append((self.unclosed[-1], data))

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def values(self, tag: str, name: str) -> list[str]:
        return [value for its, key, value in self.attributes if (its, key) == (tag, name)]

    def of(self, tag: str) -> list[str]:
        """Texts that are directly in `tag`."""
        return [text for its, text in self.in_order if its == tag]

    @property
    def asked_for(self) -> list[str]:
        """Addresses that a browser would fetch when it shows the page, and what it would run."""
        loaded = [value for _, name, value in self.attributes if name in LOADING and not value.startswith("#")]
        loaded += [value for tag, name, value in self.attributes if tag in ("link", "base", "use") and name == "href"]
        run = [f"{name}={value}" for _, name, value in self.attributes if name.startswith("on")]
        return [*loaded, *run, *(tag for tag in self.tags if tag in ("script", "iframe", "object", "embed", "form"))]
