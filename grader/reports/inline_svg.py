"""A picture drawn by matplotlib, as it may stand in a page: it styles nothing but itself, and the page's own CSS colours it.

matplotlib writes a file of its own: a `<style>` for all elements there are, `style` attributes, which a page forbids whose
Content-Security-Policy has no 'unsafe-inline', and ids that are the same in every picture.
"""

import hashlib
import re
from xml.etree import ElementTree as ET

_SVG, _LINK = "http://www.w3.org/2000/svg", "{http://www.w3.org/1999/xlink}href"
_BLACK = {"#000000", "#000", "black"}
# matplotlib's own ids: line2d_12 of what it draws, m5b19a496e7 of what is drawn again, pc250c3031d of what cuts.
_OWN_ID = re.compile(r"[\w.]+_\d+|[a-z][0-9a-f]{10}")
_REFERRED = re.compile(r"url\(#([^)]+)\)")
_NUMBER = re.compile(r"-?\d+\.\d+")
# A tenth of a point is not to be seen; matplotlib writes millionths, which are half of the picture's size.
_COORDINATES = ("d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "width", "height", "transform", "points")
# The page has a font of its own.
_OF_THE_PAGE = {"font-family"}


def inline(svg: str) -> str:
    """The picture as an `<svg>` element that may stand in a page, several times if need be.

    Styles become attributes, which any rule of the page's CSS overrides, black becomes the page's own text colour, and what is
    drawn again by reference is written out, so that next to no ids are left. The name that a part of the picture was given in
    matplotlib (`line.set_gid("student")`) becomes its class.

    Args:
        svg: what `savefig(format="svg")` wrote, with `svg.fonttype` "none" so that texts are texts; our own, not a student's.
    """
    root = ET.fromstring(svg)  # noqa: S314 - our own picture
    _share_style(root)
    _write_out(root, {f"#{one.get('id')}": one for one in root.iter() if one.get("id")})
    for element in root.iter():
        _style_as_attributes(element)
        _in_colours_of_the_page(element)
        element.text, element.tail = (text if text and text.strip() else None for text in (element.text, element.tail))
    _clean_up(root)
    _name(root, hashlib.sha256(svg.encode()).hexdigest()[:8])
    return _as_text(root)


def _share_style(root: ET.Element) -> None:
    """What matplotlib says of all elements is said of the picture, from which they inherit it."""
    for parent in list(root.iter()):
        for style in parent.findall(f"{{{_SVG}}}style"):
            declarations = re.search(r"\*\s*\{([^}]*)\}", style.text or "")
            root.set("style", declarations[1] if declarations else "")
            parent.remove(style)


def _write_out(root: ET.Element, named: dict[str, ET.Element]) -> None:
    """What is drawn again by reference, such as the ticks of an axis, as a drawing of its own."""
    for element in list(root.iter(f"{{{_SVG}}}use")):
        original = named[element.attrib.pop(_LINK)]
        x, y = element.attrib.pop("x", "0"), element.attrib.pop("y", "0")
        style = f"{original.get('style', '')};{element.get('style', '')}"
        element.tag = original.tag
        element.attrib |= {"d": original.get("d", ""), "transform": f"translate({x} {y})", "style": style}
    for definitions in root.iter(f"{{{_SVG}}}defs"):
        for drawn in definitions.findall(f"{{{_SVG}}}path"):
            definitions.remove(drawn)


def _style_as_attributes(element: ET.Element) -> None:
    for declaration in element.attrib.pop("style", "").split(";"):
        name, colon, value = (part.strip() for part in declaration.partition(":"))
        if colon and name not in _OF_THE_PAGE:
            element.set(name, value)


def _in_colours_of_the_page(element: ET.Element) -> None:
    for paint in ("fill", "stroke"):
        if element.get(paint) in _BLACK:
            element.set(paint, "currentColor")
    for name in _COORDINATES:
        if (value := element.get(name)) is not None:
            tenths = _NUMBER.sub(lambda number: f"{float(number[0]):.1f}".removesuffix(".0"), value)
            element.set(
                name, re.sub(r"\s*([MLHVCSQTAZz])\s*", r"\1", " ".join(tenths.split())) if name == "d" else tenths
            )


def _clean_up(parent: ET.Element) -> None:
    """Without what draws nothing."""
    for child in list(parent):
        _clean_up(child)
        tag = child.tag.removeprefix(f"{{{_SVG}}}")
        is_empty = (tag in {"g", "defs"} and not len(child)) or (tag == "path" and not child.get("d"))
        if is_empty or tag == "metadata":
            parent.remove(child)


def _name(root: ET.Element, picture: str) -> None:
    """Ids that are referred to become the picture's own; names that somebody gave become classes."""
    root.set("fill", "currentColor")
    referred = {id_ for element in root.iter() for value in element.attrib.values() for id_ in _REFERRED.findall(value)}
    for element in root.iter():
        for name, value in element.attrib.items():
            element.set(name, _REFERRED.sub(rf"url(#{picture}-\1)", value))
        given = element.attrib.pop("id", "")
        if given in referred:
            element.set("id", f"{picture}-{given}")
        elif given and not _OWN_ID.fullmatch(given):
            element.set("class", given)


def _as_text(root: ET.Element) -> str:
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{_SVG}}}")
    root.set("xmlns", _SVG)
    return ET.tostring(root, encoding="unicode", short_empty_elements=True)
