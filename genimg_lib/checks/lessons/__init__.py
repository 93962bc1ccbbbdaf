"""Checkers of the tasks inside lessons, one module a lesson:

`from genimg_lib.checks.lessons import lesson_30 as task`.
"""
