"""A private broker from the distribution's package: own user, directory, node name, ports, epmd.

The machine's own broker, if one runs, is neither asked nor touched: nothing under ``/etc/rabbitmq``
is read, and the Erlang port mapper is our own.
"""

import json
import os
import pwd
import re
import shutil
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from deploy.local import ports
from deploy.local.home import Home, write_private
from deploy.local.programs import Program
from deploy.local.progress import Failed

USER = "sambatan"
VHOST = "sambatan"
PUBLIC_VHOST = "public"
PORTS = ("epmd", "rabbitmq", "rabbitmq_distribution", "rabbitmq_management")
_PACKAGES = Path("/usr/lib/rabbitmq/lib")
_ELSEWHERE = Path("/var/lib/sambatan")
_OWNER_FILE = ".sambatan-home"
_CONFIGURATION = """\
default_user = {user}
default_pass = {password}
default_vhost = {vhost}
default_user_tags.administrator = true
default_permissions.configure = .*
default_permissions.read = .*
default_permissions.write = .*
loopback_users = none
management.tcp.ip = 127.0.0.1
management.tcp.port = {management}
management.rates_mode = none
vm_memory_high_watermark.absolute = {memory}
disk_free_limit.absolute = 64MB
raft.wal_max_size_bytes = 67108864
log.file = false
log.console = true
log.console.level = info
"""


class Broker:
    """The private node of one home; publishers wait while it uses more than ``memory``."""

    def __init__(self, home: Home, chosen: Mapping[str, int], *, memory: str = "1GiB") -> None:
        self._home = home
        self._memory = memory
        self._secrets = home.secrets()
        self._ports = chosen
        self._user = _ordinary_user()
        self.directory = _directory(home, self._user)

    @property
    def url(self) -> str:
        """Where services connect, with credentials."""
        return self.url_of(VHOST)

    def url_of(self, vhost: str) -> str:
        """The address of a virtual host, with credentials."""
        return f"amqp://{USER}:{self._secrets.rabbitmq}@127.0.0.1:{self._ports['rabbitmq']}/{vhost}"

    @property
    def management(self) -> str:
        """The management address, with credentials."""
        return (
            f"http://{USER}:{self._secrets.rabbitmq}@127.0.0.1:{self._ports['rabbitmq_management']}"
        )

    def prepare(self) -> None:
        """Write the node's files, owned by the user that runs it."""
        server()
        self.directory.mkdir(parents=True, exist_ok=True)
        self.directory.chmod(0o700)
        (self.directory / _OWNER_FILE).write_text(f"{self._home.path}\n")
        configuration = _CONFIGURATION.format(
            user=USER,
            password=self._secrets.rabbitmq,
            vhost=VHOST,
            management=self._ports["rabbitmq_management"],
            memory=self._memory,
        )
        write_private(self.directory / "rabbitmq.conf", configuration)
        write_private(self.directory / "advanced.config", "[].\n")
        write_private(self.directory / "enabled_plugins", "[rabbitmq_management].\n")
        write_private(self.directory / "environment", "")
        (self.directory / "conf.d").mkdir(exist_ok=True)
        cookie = self.directory / ".erlang.cookie"
        write_private(cookie, self._secrets.erlang_cookie)
        cookie.chmod(0o400)
        for record in (self.epmd.record, self.node.record):
            record.touch()
        self._give_away()
        self._home.remember(broker_directory=str(self.directory))

    @property
    def epmd(self) -> Program:
        """The Erlang port mapper, in the foreground: otherwise a daemon would be left behind."""
        mapper = shutil.which("epmd") or "/usr/bin/epmd"
        return Program(
            name="epmd",
            command=(mapper, "-port", str(self._ports["epmd"]), "-address", "127.0.0.1"),
            directory=self.directory,
            record=self.directory / "epmd.stat",
            environment={"HOME": str(self.directory)},
            user=self._user,
            patience_s=5,
        )

    @property
    def node(self) -> Program:
        """The broker itself; the recorded process is the node, no script stays in between."""
        return Program(
            name="rabbitmq",
            command=(str(server()),),
            directory=self.directory,
            record=self.directory / "rabbitmq.stat",
            environment=self._environment(),
            user=self._user,
            patience_s=30,
        )

    def ready(self) -> bool:
        """Whether it serves AMQP and its management interface answers us."""
        if not ports.answers(self._ports["rabbitmq"]):
            return False
        try:
            manage(self.management, "GET", "/api/overview")
        except OSError:
            return False
        return True

    def add_vhost(self, name: str) -> None:
        """Make a virtual host that our user may use; nothing happens where it stands."""
        add_vhost(self.management, name)

    def forget(self) -> None:
        """Remove the directory, where it is this home's."""
        forget_directory(self._home, self.directory)

    def _environment(self) -> dict[str, str]:
        here = self.directory
        files = {
            "CONF_ENV_FILE": here / "environment",
            "CONFIG_FILE": here / "rabbitmq.conf",
            "CONFIG_FILES": here / "conf.d",
            "ADVANCED_CONFIG_FILE": here / "advanced.config",
            "ENABLED_PLUGINS_FILE": here / "enabled_plugins",
            "MNESIA_BASE": here / "data",
            "LOG_BASE": here / "log",
            "FEATURE_FLAGS_FILE": here / "feature_flags",
            "PID_FILE": here / "node.pid",
            "SCHEMA_DIR": here / "schema",
            "GENERATED_CONFIG_DIR": here / "generated",
            "QUORUM_DIR": here / "quorum",
            "STREAM_DIR": here / "stream",
        }
        figures = {
            "NODENAME": f"sambatan-{self._secrets.instance}@localhost",
            "NODE_IP_ADDRESS": "127.0.0.1",
            "NODE_PORT": self._ports["rabbitmq"],
            "DIST_PORT": self._ports["rabbitmq_distribution"],
            "CTL_DIST_PORT_MIN": self._ports["rabbitmq_distribution"] + 1,
            "CTL_DIST_PORT_MAX": self._ports["rabbitmq_distribution"] + 10,
            "ALLOW_INPUT": 1,
            "SERVER_ADDITIONAL_ERL_ARGS": (
                "-noinput -kernel inet_dist_use_interface {127,0,0,1} +S 2:2"
            ),
        }
        erlang = {
            "HOME": here,
            "ERL_EPMD_PORT": self._ports["epmd"],
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_CRASH_DUMP": here / "erl_crash.dump",
        }
        own = {f"RABBITMQ_{name}": str(value) for name, value in (files | figures).items()}
        return own | {name: str(value) for name, value in erlang.items()}

    def _give_away(self) -> None:
        if self._user is None:
            return
        owner = pwd.getpwnam(self._user)
        for path in (self.directory, *self.directory.iterdir()):
            os.chown(path, owner.pw_uid, owner.pw_gid)


def server() -> Path:
    """The package's own start script, not the wrapper in ``/usr/sbin`` that insists on its user."""
    found = sorted(
        _PACKAGES.glob("rabbitmq_server-*/sbin/rabbitmq-server"),
        key=lambda path: [int(part) for part in re.findall(r"\d+", path.parts[-3])],
    )
    if not found:
        raise Failed(
            "rabbitmq-server is not installed. Install the distribution's package "
            "(apt-get install rabbitmq-server), or name a broker in SAMBATAN_RABBITMQ_URL."
        )
    return found[-1]


def is_installed() -> bool:
    """Whether the distribution's broker is there."""
    return any(_PACKAGES.glob("rabbitmq_server-*/sbin/rabbitmq-server"))


def manage(base: str, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
    """One call of the management interface; ``OSError`` where it does not answer as hoped."""
    scheme, _, rest = base.partition("://")
    credentials, _, address = rest.rpartition("@")
    request = urllib.request.Request(  # noqa: S310  # the address is ours
        f"{scheme}://{address}{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": f"Basic {b64encode(credentials.encode()).decode()}",
            "Content-Type": "application/json",
        },
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        text = answer.read()
    return json.loads(text) if text else None


def add_vhost(management: str, name: str) -> None:
    """Make a virtual host that the user of this address may use."""
    user = management.partition("://")[2].partition(":")[0]
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    manage(management, "PUT", f"/api/vhosts/{name}", {})
    manage(management, "PUT", f"/api/permissions/{name}/{user}", everything)


def delete_vhost(management: str, name: str) -> None:
    """Remove a virtual host and what is in it."""
    manage(management, "DELETE", f"/api/vhosts/{name}")


def forget_directory(home: Home, directory: Path) -> None:
    """Remove a broker's directory, if it says that it belongs to this home."""
    try:
        owner = (directory / _OWNER_FILE).read_text().strip()
    except OSError:
        return
    if owner == str(home.path):
        shutil.rmtree(directory, ignore_errors=True)


def _ordinary_user() -> str | None:
    """Whom the node runs as: the caller, or for root the package's own user."""
    if os.geteuid() != 0:
        return None
    for name in ("rabbitmq", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise Failed("there is no ordinary user (rabbitmq or nobody) to run the broker as.")


def _directory(home: Home, user: str | None) -> Path:
    """In the home, or where its user can reach it: another user may not pass every directory."""
    if user is None or _can_pass(home.path, pwd.getpwnam(user)):
        return home.path / "rabbitmq"
    return _ELSEWHERE / f"rabbitmq-{sha256(str(home.path).encode()).hexdigest()[:16]}"


def _can_pass(path: Path, user: pwd.struct_passwd) -> bool:
    for directory in (path, *path.parents):
        found = directory.stat()
        if found.st_uid == user.pw_uid:
            allowed = found.st_mode & 0o100
        elif found.st_gid == user.pw_gid:
            allowed = found.st_mode & 0o010
        else:
            allowed = found.st_mode & 0o001
        if not allowed:
            return False
    return True
