"""What every test of a page needs: a real browser, and how well its texts can be read."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright


def lowest_contrast(apart: str) -> str:
    """A script that gives the lowest contrast of a text with what is behind it, as WCAG 2.2 computes it (1.4.3; 4.5 is enough).

    Args:
        apart: a CSS selector of what is no text to be read.
    """
    return _LOWEST_CONTRAST.replace("APART", apart)


_LOWEST_CONTRAST = """() => {
  const parse = words => words.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * x + .7152 * y + .0722 * z;
  };
  const behind = element => {
    for (; element; element = element.parentElement) {
      const colour = parse(getComputedStyle(element).backgroundColor);
      if (colour[3] !== 0) return colour;
    }
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let lowest = 21;
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || element.closest("APART")) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(behind(element))];
    lowest = Math.min(lowest, (Math.max(a, b) + .05) / (Math.min(a, b) + .05));
  }
  return lowest;
}"""


@contextmanager
def opened_browser() -> Iterator[Browser]:
    """Chromium; where there is none, the test is skipped."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no chromium on the PATH, so that no page can be looked at")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


def violations(page: Page) -> list[str]:
    """What axe finds against the accessibility rules of WCAG 2.2 A and AA and its best practices; empty is good.

    The page's own Content Security Policy would keep axe out, so the page's context has to have `bypass_csp`.
    """
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
    return [
        f"{one['id']}: {node['html']}: {node['failureSummary']}"
        for one in found.response["violations"]
        for node in one["nodes"]
    ]
