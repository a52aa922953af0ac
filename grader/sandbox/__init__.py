"""What runs on the kernel's side before a student's code does: the process is contained here, from within.

Standard library only, apart from the kernel itself: everything in here is loaded where hostile code runs next.
"""
