"""Which column of a list of students is which, in our own files and in platforms'."""

import re
from collections.abc import Mapping, Sequence

# Field of a row -> headers, in lower case without spaces, hyphens and underscores. The first column found counts.
_HEADERS: Mapping[str, tuple[str, ...]] = {
    "student": ("student", "studentname", "folder"),
    "name": (
        *("name", "fullname", "displayname", "nomcomplet", "vollständigername", "nombrecompleto", "nomecompleto"),
        *("nomecognome", "volledigenaam", "nombre/apellido(s)", "nombre/apellidos"),
    ),
    "first": ("firstname", "givenname", "first", "vorname", "prénom", "nombre", "nome", "voornaam"),
    "last": (
        *("lastname", "surname", "familyname", "last", "nachname", "nom"),
        *("apellido(s)", "apellidos", "cognome", "achternaam"),
    ),
    "email": (
        *("email", "mail", "emailaddress", "studentemail", "emailadresse", "adressedecourriel", "adressemail"),
        *("direccióndecorreo", "correoelectrónico", "correo", "indirizzoemail", "endereçodeemail"),
    ),
    "login": (
        *("login", "username", "user", "loginid", "sisloginid", "netid", "anmeldename", "nomdutilisateur"),
        *("nom d'utilisateur", "nombredeusuario"),
    ),
    "number": (
        *("number", "sid", "studentid", "idnumber", "orgdefinedid", "sisuserid", "studentnumber", "matriculation"),
        *("matriculationnumber", "matrikelnummer", "idnummer", "numérodidentification", "númerodeid", "id"),
    ),
    "section": ("section", "sections", "sectionname"),
    "group": ("group", "groups", "groupname", "gruppe", "groupe", "grupo", "gruppo", "team"),
    "submitted": (
        *("submitted", "submittedat", "submissiontime", "submissiontimestamp", "datesubmitted", "timestamp"),
        *("lastmodified(submission)", "zuletztgeändert(abgabe)", "dernièremodification(travailremis)"),
        *("últimamodificación(entrega)", "ultimamodifica(consegna)", "últimamodificação(envio)"),
    ),
    "due": ("due", "dueat", "duedate", "deadline"),
    "role": ("role", "roles"),
    "canvas": ("canvasuserid", "canvasid"),
    "github": ("githubusername",),
    "github repository": ("studentrepositoryname",),
    "identifier": ("rosteridentifier",),
}
IDS = ("canvas", "moodle", "github", "github repository")
# A word that may stand without a blank where the script has none.
PARTICIPANT = re.compile(r"\s*(?P<word>[^\W\d_]\D*?)(?:\s+|(?<=[^\x00-\x7f]))(?P<number>\d+)\s*")
# Identifier, Status, Grade, Maximum grade, Grade can be changed: even an anonymous worksheet has these.
_LEAST_MOODLE_COLUMNS = 5


def columns_of(header: Sequence[str], body: Sequence[Sequence[str]]) -> dict[str, int]:
    """Where each field of a row stands.

    Args:
        header: the first line.
        body: the others, by which Moodle's worksheet is known in any language.
    """
    plain = [re.sub(r"[\s_-]", "", cell.casefold()).replace("'", "").replace("’", "") for cell in header]
    columns = {}
    for field, headers in _HEADERS.items():
        known = [name.replace(" ", "").replace("'", "") for name in headers]
        if at := [plain.index(name) for name in known if name in plain]:
            columns[field] = at[0]
    if {"student", "id", "section"} <= set(plain):
        return _canvas_gradebook(columns, plain)
    if "canvasuserid" in plain and "groupname" in plain:  # People > groups: its user_id is the SIS's
        return columns | ({"number": plain.index("userid")} if "userid" in plain else {})
    if _is_moodle(plain, body):
        return {field: at for field, at in columns.items() if field not in {"student", "number"} or at} | {"moodle": 0}
    return columns


def _canvas_gradebook(columns: Mapping[str, int], plain: Sequence[str]) -> dict[str, int]:
    """Canvas's gradebook: `Student` is the name, `ID` is Canvas's own."""
    kept = {field: at for field, at in columns.items() if field not in {"student", "number"}}
    number = {"number": plain.index("sisuserid")} if "sisuserid" in plain else {}
    return kept | number | {"name": plain.index("student"), "canvas": plain.index("id")}


def _is_moodle(plain: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether all lines begin with the same word and a number: "Participant 1234567", in any language."""
    others = {name for field, names in _HEADERS.items() if field != "number" for name in names}
    if len(plain) < _LEAST_MOODLE_COLUMNS or plain[0] in others:
        return False
    found = [PARTICIPANT.fullmatch(cells[0]) for cells in body if cells and cells[0].strip()]
    words = {match["word"] if match else "" for match in found}
    return len(words) == 1 and "" not in words
