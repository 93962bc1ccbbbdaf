"""A class: what a learner agrees to send, the service that holds it, and what the teacher sees.

`mistakes` names what a checker told, without the learner's numbers. `outbox` sends in the
background; `store` holds what came, `service` answers requests, `summary` says what the room does,
`panel` shows it in JupyterLab.
"""
