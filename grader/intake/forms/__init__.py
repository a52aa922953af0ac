"""The forms in which submissions come, most particular first."""

from grader.intake.forms.blackboard import Blackboard
from grader.intake.forms.brightspace import Brightspace
from grader.intake.forms.canvas import Canvas
from grader.intake.forms.clones import Clones
from grader.intake.forms.form import Form
from grader.intake.forms.gradescope import Gradescope
from grader.intake.forms.moodle import Moodle
from grader.intake.forms.nbgrader import Nbgrader
from grader.intake.forms.plain import Plain

PLATFORMS: tuple[Form, ...] = (
    Gradescope(),
    Moodle(),
    Brightspace(),
    Blackboard(),
    Canvas(),
    Nbgrader(),
    Clones(),
)
PLAIN: Form = Plain()
FORMS = {form.name: form for form in (*PLATFORMS, PLAIN)}

__all__ = ["FORMS", "PLAIN", "PLATFORMS", "Form"]
