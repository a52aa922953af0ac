"""Takes the pictures of docs/: pages of the sample classes, as the browser shows them.

Run this again after the pages have changed; it grades submissions/ first. It needs chromium on the PATH.

    make screenshots
"""

import io
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from grader.reports.environment import templates_digest

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
MADE_FROM = IMAGES / "made-from.txt"
"""What the pages looked like when the pictures were taken; a test compares."""
WIDTH, WIDE, HEIGHT = 860, 1180, 900
COLOURS = 128
"""Of a picture: pages have few, and a file in a repository should be small."""


@dataclass(frozen=True)
class Shot:
    """A picture of a page."""

    name: str
    page: str
    """Below the folder of the reports."""
    first: str
    """Selector of what is at the top of the picture."""
    last: str = ""
    """Selector of what is at its end; by default the same."""
    opened: str = ""
    """Selector of what has to be opened before."""
    width: int = WIDTH


_CLASS = "hw5_networks/class.html"
SHOTS = (
    Shot("report-top", "hw5_networks/students/goran/report.html", "header", "nav"),
    Shot("report-part", "hw5_networks/students/goran/report.html", "#part-1-1"),
    Shot("report-path", "hw5_networks/students/goran/report.html", "#part-4-2"),
    Shot("report-failure", "hw5_cnn_sizes/students/kaito/report.html", "main > section:last-of-type"),
    Shot("class-top", _CLASS, "header", "#to-do", width=WIDE),
    Shot("class-parts", _CLASS, "#parts", "#parts tbody tr:nth-child(8)", width=WIDE),
    Shot("class-mistakes", _CLASS, "#mistakes", "#mistakes tbody tr:nth-child(6)", width=WIDE),
    Shot(
        "class-unexplained",
        _CLASS,
        "#unexplained",
        "#unexplained tbody tr:nth-child(1)",
        opened="#unexplained details",
        width=WIDE,
    ),
)


def take(browser: Browser, reports: Path, into: Path) -> list[Path]:
    """Takes every picture.

    Args:
        browser: chromium.
        reports: what `grader grade submissions/ -o REPORTS` wrote.
        into: the folder for the pictures.

    Returns:
        The files.
    """
    files = []
    for shot in SHOTS:
        page = browser.new_page(viewport={"width": shot.width, "height": HEIGHT}, color_scheme="light")
        page.goto((reports / shot.page).resolve().as_uri())
        files.append(into / f"{shot.name}.png")
        files[-1].write_bytes(_small(_picture(page, shot)))
        page.close()
    return files


def _picture(page: Page, shot: Shot) -> bytes:
    """From the top of one element to the end of another, with a margin."""
    if shot.opened:
        page.locator(shot.opened).first.locator("summary").click()
    page.set_viewport_size({"width": shot.width, "height": page.evaluate("document.documentElement.scrollHeight")})
    top, end = (_box(page.locator(one).first) for one in (shot.first, shot.last or shot.first))
    margin = 12
    y = max(top["y"] - margin, 0)
    clip = {"x": 0.0, "y": y, "width": float(shot.width), "height": end["y"] + end["height"] + margin - y}
    return page.screenshot(clip=clip)  # type: ignore[arg-type]  # a dictionary of these four is what it takes


def _box(element: Locator) -> dict[str, float]:
    box = element.bounding_box()
    if box is None:
        raise LookupError(f"{element} is not to be seen; mend the list of pictures")
    return dict(box)  # type: ignore[arg-type]


def _small(png: bytes) -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(
        out, "png", optimize=True
    )
    return out.getvalue()


def main() -> None:
    """Grades the sample classes, and writes the pictures and what they were made from."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        reports = Path(folder) / "reports"
        command = [sys.executable, "-m", "grader", "grade", "submissions/", "-o", str(reports), "--quiet"]
        subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 - our own command
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for file in take(browser, reports, IMAGES):
            print(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1024} KB")
        browser.close()
    MADE_FROM.write_text(f"{templates_digest()}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
