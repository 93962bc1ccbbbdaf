"""A JupyterHub for a class: its configuration, and who may log in.

The hub is a real one (the extra `class`); this module writes what it reads. Every learner logs in
as learner-01, learner-02, ... with a code of the class, the teacher with the teacher's token.
"""

import re
import secrets
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from genimg_lib.classroom.capacity import Capacity
from genimg_lib.classroom.store import Store
from genimg_lib.notebook import lesson

SPAWNERS = {
    "systemd": "systemdspawner.SystemdSpawner",
    "local": "jupyterhub.spawner.LocalProcessSpawner",
    "simple": "jupyterhub.spawner.SimpleLocalProcessSpawner",
}
CAVEATS = {
    "systemd": "Memory is limited by systemd; every learner is a system user.",
    "local": "Every learner is a system user, made at the first login. Memory is not limited: this "
    "spawner cannot do it.",
    "simple": "All servers run as the same system user: learners CAN open each other's files. "
    "Use it to try things out, or among people who trust each other.",
}
LEARNER = re.compile(r"learner-(\d{2,3})")
TEACHER = "teacher"


def allowed(store: Store) -> Callable[[str, str], str | None]:
    """A function that says who somebody is: (username, password) -> the username, or None."""

    def who(username: str, password: str) -> str | None:
        name = username.strip().lower()
        if name == TEACHER:
            return name if store.is_teacher(password.strip()) else None
        found = LEARNER.fullmatch(name)
        if found and name == username_of(int(found[1])) and store.has_code(int(found[1]), password):
            return name
        return None

    return who


def username_of(number: int) -> str:
    return f"learner-{number:02}"


def authenticator(path: str):
    """The class of an authenticator that reads the codes of the class in `path`."""
    from jupyterhub.auth import LocalAuthenticator
    from traitlets import default

    who = allowed(Store(Path(path)))

    class ClaimAuthenticator(LocalAuthenticator):
        """Admits the holder of a code under the one name that belongs to it."""

        @default("allow_all")
        def _codes_are_the_gate(self):
            return True

        @default("admin_users")
        def _teacher_is_admin(self):
            return {TEACHER}

        async def authenticate(self, handler, data):
            return who(data["username"], data["password"])

        def system_user_exists(self, user):
            return not self.create_system_users or super().system_user_exists(user)

    return ClaimAuthenticator


def best_spawner() -> str:
    """The strictest spawner that works here."""
    import importlib.util
    import os

    root = hasattr(os, "geteuid") and os.geteuid() == 0
    booted = shutil.which("systemd-run") and Path("/run/systemd/system").is_dir()
    if root and booted and importlib.util.find_spec("systemdspawner"):
        return "systemd"
    return "local" if root and shutil.which("useradd") else "simple"


def configure(
    folder: Path,
    found: Capacity,
    *,
    spawner: str = "",
    address: str = "127.0.0.1",
    port: int = 8000,
    class_port: int = 8901,
    classroom: bool = False,
) -> Path:
    """Writes jupyterhub_config.py for the class in `folder`, and returns its path.

    With `classroom`, lessons run in the classroom mode. Raises ValueError where there is no class
    yet, or for an unknown spawner.
    """
    folder = Path(folder).absolute()
    Store(folder / "class.db").close()
    spawner = spawner or best_spawner()
    if spawner not in SPAWNERS:
        raise ValueError(f"{spawner!r} is no spawner; there are: {', '.join(SPAWNERS)}")
    path = folder / "jupyterhub_config.py"
    given = environment(found, class_port, classroom=classroom)
    text = _config(folder, found, spawner, address, port, given)
    path.write_text(text, encoding="utf-8")
    secret = folder / "cookie_secret"
    if not secret.exists():
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_hex(32))
    return path


def environment(found: Capacity, class_port: int, *, classroom: bool) -> dict[str, str]:
    """What every learner's server on this machine is given: the class, and what `limits` says."""
    given = {"GENIMG_CLASS": f"http://127.0.0.1:{class_port}"}
    return limits(found.threads, classroom=classroom) | given


def limits(threads: int, *, classroom: bool) -> dict[str, str]:
    """The threads of a learner's server, and the mode of the lessons."""
    given = {
        "TF_NUM_INTRAOP_THREADS": str(threads),
        "TF_NUM_INTEROP_THREADS": "1",
        "OMP_NUM_THREADS": str(threads),
        "OPENBLAS_NUM_THREADS": str(threads),
    }
    return given | ({lesson.CLASSROOM_VARIABLE: "1"} if classroom else {})


def _config(
    folder: Path,
    found: Capacity,
    spawner: str,
    address: str,
    port: int,
    environment: dict[str, str],
) -> str:
    start = [sys.executable, "-m", "genimg_lib.classroom.learner_server"]
    arithmetic = "\n".join(f"# {line}" for line in found.lines)
    special = {
        "simple": "c.SimpleLocalProcessSpawner.home_dir_template = "
        f'"{folder}/learners/{{username}}"',
        "systemd": "c.SystemdSpawner.isolate_tmp = c.SystemdSpawner.disable_user_sudo = True",
    }.get(spawner, "")
    return f'''"""Written by `genimg class configure`; running it again overwrites this file."""

import sys

from genimg_lib.classroom import hub

c = get_config()  # noqa: F821

# {CAVEATS[spawner]}
{arithmetic}

c.JupyterHub.bind_url = "http://{address}:{port}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:8081"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:8001"
c.JupyterHub.db_url = "sqlite:///{folder}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = "{folder}/cookie_secret"
c.JupyterHub.concurrent_spawn_limit = {found.starts}
c.JupyterHub.active_server_limit = {max(found.numpy, 1)}
c.JupyterHub.authenticator_class = hub.authenticator("{folder}/class.db")
c.LocalAuthenticator.create_system_users = {spawner != "simple"}

c.JupyterHub.spawner_class = "{SPAWNERS[spawner]}"
c.Spawner.cmd = {start!r}
c.Spawner.notebook_dir = "~/genimg_course"
c.Spawner.default_url = "/lab"
c.Spawner.disable_user_config = True
c.Spawner.http_timeout = c.Spawner.start_timeout = 240
c.Spawner.mem_limit = {found.learner_bytes}
c.Spawner.cpu_limit = {float(found.threads)}
c.Spawner.environment = {environment!r}
{special}
c.JupyterHub.services = [
    {{
        "name": "idle-culler",
        "command": [sys.executable, "-m", "jupyterhub_idle_culler", "--timeout=3600"],
    }}
]
c.JupyterHub.load_roles = [
    {{
        "name": "idle-culler",
        "services": ["idle-culler"],
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
    }}
]
'''
