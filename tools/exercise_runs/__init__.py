"""What exercises show as pictures, logs and tables: a module for each topic, run by
`tools/draw_exercises.py`.

Each has a `main` that trains or loads its models, writes its pictures and prints its numbers.
"""
