"""What is wrong with a value of a problem file, in words for authors, who know TOML and not pydantic."""

from pydantic_core import ErrorDetails

# By the type of pydantic's error; what stands in braces comes from its context.
_WORDS = {
    "missing": "is missing",
    "union_tag_not_found": "is missing",
    "extra_forbidden": "is not a known key",
    "union_tag_invalid": "must be one of {expected_tags}",
    **dict.fromkeys(["dict_type", "model_type", "model_attributes_type"], "must be a table"),
    **dict.fromkeys(["tuple_type", "list_type"], "must be a list"),
    "string_type": "must be text",
    **dict.fromkeys(["int_type", "int_parsing", "int_from_float"], "must be a whole number"),
    **dict.fromkeys(["float_type", "float_parsing"], "must be a number"),
    **dict.fromkeys(["bool_type", "bool_parsing"], "must be true or false"),
    **dict.fromkeys(
        ["timezone_aware", "datetime_type", "datetime_parsing", "datetime_from_date_parsing"],
        "must be a date and a time with its zone, such as 2026-11-20T23:59:00+01:00",
    ),
}


def in_plain_words(detail: ErrorDetails) -> str:
    """The trouble, to follow the place at which it is: "is missing"."""
    context = detail.get("ctx", {})
    match detail["type"]:
        case "too_short" | "string_too_short" if context["min_length"] == 1:
            return "must not be empty"
        case "too_short":
            return f"needs at least {context['min_length']} entries"
        case known if known in _WORDS:
            return _WORDS[known].format_map(context)
    # Our own words, or some of pydantic's that can be read as they are: "Input should be greater than 0".
    return detail["msg"].removeprefix("Value error, ").replace("Input should ", "must ", 1)
