"""The layers of a network drawn as large as they are, as SVG: bars, or squares in one another."""

from functools import lru_cache

from markupsafe import Markup

from grader.records import Sizes
from grader.reports.environment import TEMPLATES
from grader.reports.size_bars import bars
from grader.reports.size_squares import squares
from grader.reports.size_words import corrected, in_words

# Pictures that are kept, of about 5 KB each: most answers are given by many.
MOST_KEPT = 500
_LAYOUTS = {"bars": bars, "squares": squares}


@lru_cache(MOST_KEPT)
def sizes_svg(sizes: Sizes) -> Markup:
    """The picture as an SVG element, coloured by pictures.css, the same for the same sizes.

    Names of layers may be a student's, and are escaped.

    Args:
        sizes: as far as they are told. No number, however large, negative or missing, leaves the picture's box.
    """
    is_corrected = any(corrected(layer) is not None for layer in sizes.layers)
    drawn = _LAYOUTS[sizes.form](sizes)
    text = TEMPLATES.get_template(f"{sizes.form}.svg").render(
        words=in_words(sizes), unit=sizes.unit, is_corrected=is_corrected, **drawn
    )
    return Markup(text)  # noqa: S704 - the template escapes all text
