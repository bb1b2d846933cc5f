"""Following `Link` headers forwards and back, with any SDK whose answers have `data` and `headers`."""

import re
import urllib.parse

from checks import URL, equal


def links(headers):
    """The `Link` header as {rel: {parameter: values}}; its URLs must be absolute and this server's."""
    header = next((value for name, value in headers.items() if name.lower() == "link"), "")
    found = {}
    for url, rel in re.findall(r'<([^>]+)>\s*;\s*rel="([^"]+)"', header):
        assert url.startswith(URL + "/v2/"), f"{url} does not begin with {URL}/v2/"
        found[rel] = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)
    return found


def walk(fetch, **parameters):
    """All pages forwards by `next` and back by `previous`, which must hold the same; gives the pages."""
    page = fetch(**parameters)
    where = links(page.headers)
    assert "previous" not in where, "the first page has a previous one"
    pages = [page.data]
    while "next" in where:
        repeated = {name for name in where["next"] if name not in ("next", "previous")}
        equal(len(repeated), len(parameters), f"number of other parameters that the link repeats, {repeated}")
        page = fetch(**parameters, next=where["next"]["next"][0])
        where = links(page.headers)
        pages.append(page.data)
    back = [page.data]
    while "previous" in where:
        page = fetch(**parameters, previous=where["previous"]["previous"][0])
        where = links(page.headers)
        back.append(page.data)
    assert len(pages) == 1 or "next" in where, "the first page, reached from behind, has no next one"
    equal(ids(reversed(back)), ids(pages), "ids on the way back")
    return pages


def ids(pages):
    """The ids of all elements of all pages."""
    return [element.id for page in pages for element in page]
