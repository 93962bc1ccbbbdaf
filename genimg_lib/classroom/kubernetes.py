"""A class on Kubernetes: the values file of Zero to JupyterHub, the Helm chart of JupyterHub.

The hub in the cluster knows nothing of this package. It gets the hashes of the codes in a secret,
and a few lines that compare them.
"""

from pathlib import Path

from genimg_lib.classroom import capacity
from genimg_lib.classroom.hub import TEACHER, limits, username_of
from genimg_lib.classroom.store import Store

USER = "learner"  # of the image; see Dockerfile
CODES = "/usr/local/etc/jupyterhub/genimg_codes.json"
IDLE_SECONDS = 3_600
AUTHENTICATOR = f'''import hashlib
import json
import secrets

from jupyterhub.auth import Authenticator

with open("{CODES}") as file:
    KNOWN = json.load(file)


class ClaimAuthenticator(Authenticator):
    """Admits the holder of a code under the one name that belongs to it."""

    async def authenticate(self, handler, data):
        name, secret = data["username"].strip().lower(), data["password"].strip()
        if name != "{TEACHER}":
            secret = secret.upper()
        found = hashlib.sha256(secret.encode()).hexdigest()
        return name if secrets.compare_digest(KNOWN.get(name, ""), found) else None


c.JupyterHub.authenticator_class = ClaimAuthenticator
c.Authenticator.allow_all = True
c.Authenticator.admin_users = {{"{TEACHER}"}}
'''


def values(store: Store, image: str, *, classroom: bool = False) -> dict:
    """What differs from the defaults of the chart, for the class in `store`.

    Nothing is reachable from outside of the cluster until `proxy.service.type` says so. Learners
    are guaranteed the memory of a server and one TensorFlow kernel, and limited to what
    `genimg class capacity` prints.

    Args:
        image: the course with the extra `class`, as name:tag; ValueError without a tag.
        classroom: whether lessons run in the classroom mode.
    """
    name, _, tag = image.rpartition(":")
    if not name or "/" in tag:
        raise ValueError(f"{image!r} is no name:tag of an image")
    found = capacity.capacity(*capacity.machine(), store.size())
    guarantee = (capacity.SERVER_MB + capacity.TENSORFLOW_MB) * capacity.MB
    known = {
        TEACHER if number is None else username_of(number): digest
        for number, digest in store.hashes().items()
    }
    return {
        "hub": {
            "activeServerLimit": store.size() + 1,  # the teacher, too
            "allowNamedServers": False,
            "config": {"KubeSpawner": {"notebook_dir": "~/genimg_course"}},
            "extraFiles": {"genimg-codes": {"mountPath": CODES, "data": known}},
            "extraConfig": {"genimg": AUTHENTICATOR},
        },
        "proxy": {"service": {"type": "ClusterIP"}},
        "singleuser": {
            "image": {"name": name, "tag": tag},
            "cmd": ["python", "-m", "genimg_lib.classroom.learner_server"],
            "defaultUrl": "/lab",
            "startTimeout": 300,
            "memory": {"guarantee": guarantee, "limit": found.learner_bytes},
            "cpu": {"guarantee": 0.05, "limit": 1},
            "storage": {"capacity": "2Gi", "homeMountPath": f"/home/{USER}"},
            "extraEnv": limits(1, classroom=classroom),
        },
        "cull": {"enabled": True, "timeout": IDLE_SECONDS, "every": 300},
    }


def write(folder: Path, image: str, *, classroom: bool = False) -> Path:
    """Writes values.yaml for the class in `folder`, readable by its owner only; returns its path.

    Raises ValueError where there is no class yet.
    """
    import yaml

    class Dumper(yaml.SafeDumper):
        """Texts of several lines as they are."""

    def as_block(dumper, text):
        style = "|" if "\n" in text else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    Dumper.add_representer(str, as_block)
    store = Store(Path(folder) / "class.db")
    content = yaml.dump(
        values(store, image, classroom=classroom), Dumper=Dumper, sort_keys=False, width=100
    )
    store.close()
    path = Path(folder) / "values.yaml"
    path.touch(mode=0o600)
    path.write_text(f"# Written by `genimg class configure --image`.\n{content}", encoding="utf-8")
    return path
