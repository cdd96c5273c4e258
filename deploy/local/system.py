"""One system on one machine: up, down, reset, status."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from deploy.local import database, packages, ports, processes, rabbitmq, steps, supervision
from deploy.local.home import Home, write_endpoints
from deploy.local.identity import end
from deploy.local.orphans import broker_directory, end_orphans, kill_everything
from deploy.local.processes import GATEWAY, NAMES, Processes
from deploy.local.progress import Failed, Progress
from deploy.local.readiness import Watch, says_ready
from deploy.local.settings import SERVICES, LocalSettings
from deploy.local.supervision import Group, Seen, Supervisor

_PORTS = (*rabbitmq.PORTS, *database.PORTS, *processes.PORTS, *supervision.PORTS)
_STOP_PATIENCE_S = 90.0


@dataclass(frozen=True, slots=True)
class Status:
    """One process as a person sees it."""

    name: str
    state: str
    pid: int
    health: str | None
    ready: bool


class System:
    """Everything that belongs to one home."""

    def __init__(self, settings: LocalSettings, progress: Progress) -> None:
        self.home = Home(settings.state)
        self._settings = settings
        self._progress = progress

    def up(self) -> Processes:
        """Start what does not run; returns when everything is ready."""
        with self.home.locked():
            self.home.prepare()
            if self._settings.embeds_broker:
                packages.need_broker(self._progress)
            running = self._running()
            if running is not None and not self._as_configured(running):
                self._progress.say("the settings changed: everything is started anew")
                running = None
            if running is None:
                self._stop()
                running = self._start_servers()
            self._bring_up_processes(running)
            self._write_endpoints(running)
            return running

    def down(self) -> None:
        """Stop everything in order; the data stay."""
        if not self.home.exists():
            self._progress.say(f"nothing was started in {self.home.path}")
            return
        with self.home.locked():
            self._stop()

    def reset(self) -> None:
        """Stop everything and forget the data, the secrets and the logs."""
        if not self.home.exists():
            return
        with self.home.locked():
            self._stop(orderly=False)
            rabbitmq.forget_directory(self.home, broker_directory(self.home))
            self.home.forget()

    def status(self) -> list[Status]:
        """What runs; also notes the current process numbers in ``endpoints.json``."""
        running = self._running() if self.home.exists() else None
        if running is None:
            return []
        self._write_endpoints(running)
        return [self._status_of(running, seen) for seen in self._supervisor().seen().values()]

    def is_seeded(self) -> bool:
        """Whether the demo city came in completely."""
        return bool(self.home.remembered().get("seeded"))

    def note_seeded(self) -> None:
        """Remember that the demo city is complete."""
        self.home.remember(seeded=True)

    def _running(self) -> Processes | None:
        chosen = self.home.remembered().get("ports")
        if chosen is None or set(chosen) != set(_PORTS):
            return None
        found = Supervisor(self.home, chosen["supervisor"])
        return self._processes(chosen) if found.process() is not None else None

    def _as_configured(self, running: Processes) -> bool:
        return self.home.remembered().get("configuration") == self._configure(running)

    def _stop(self, *, orderly: bool = True) -> None:
        chosen = self.home.remembered().get("ports", {})
        if "supervisor" in chosen:
            supervisor = Supervisor(self.home, chosen["supervisor"])
            process = supervisor.process()
            if process is not None and orderly:
                with self._progress.step("stopping everything, the broker last"):
                    self._shut_down(supervisor)
            elif process is not None:
                with self._progress.step("ending everything"):
                    kill_everything(self.home, process)
        end_orphans(self.home, self._progress)
        self.home.endpoints.unlink(missing_ok=True)

    def _shut_down(self, supervisor: Supervisor) -> None:
        try:
            supervisor.ask_to_stop()
            supervisor.wait_stopped(_STOP_PATIENCE_S)
        except Failed as failed:
            self._progress.say(f"the supervisor is ended by force: {failed}")
            if process := supervisor.process():
                end([process], patience_s=5)

    def _start_servers(self) -> Processes:
        if not ports.is_free(self._settings.port):
            raise Failed(
                f"port {self._settings.port} on 127.0.0.1 is taken by another program; "
                "set SAMBATAN_PORT to a free one."
            )
        chosen = ports.choose(_PORTS, self.home.remembered().get("ports", {}))
        self.home.remember(ports=chosen)
        running = self._processes(chosen)
        if running.database is not None:
            running.database.prepare()
        if running.broker is not None:
            running.broker.prepare()
        self.home.remember(configuration=self._configure(running), sources=None)
        with self._progress.step("starting the supervisor"):
            self._supervisor().start()
        return running

    def _bring_up_processes(self, running: Processes) -> None:
        sources = steps.sources_digest()
        remembered = self.home.remembered()
        watch = Watch(self.home, self._supervisor(), self._progress)
        if remembered.get("sources") != sources:
            self._stop_processes()
            if not (self._settings.embeds_all and remembered.get("prepared") == sources):
                self._prepare(running, watch, sources)
        self._start_processes()
        with self._progress.step("waiting for servers and processes"):
            watch.servers(running)
            watch.processes(running, NAMES)
        self.home.remember(sources=sources)

    def _start_processes(self) -> None:
        """They wait by themselves for servers that are still starting."""
        for group in _APPLICATION_GROUPS:
            self._supervisor().start_group(group)

    def _stop_processes(self) -> None:
        supervisor = self._supervisor()
        seen = supervisor.seen()
        if any(seen[name].state not in _AT_REST for name in NAMES):
            self._progress.say("the sources changed: the processes are started anew")
            for group in reversed(_APPLICATION_GROUPS):
                supervisor.stop_group(group)

    def _prepare(self, running: Processes, watch: Watch, sources: str) -> None:
        """Give databases and broker the shape that these sources expect."""
        watch.servers(running)
        self._add_public_vhost(running)
        with self._progress.step("indexes, validators, exchanges and queues"):
            steps.prepare(running)
        self.home.remember(prepared=sources)

    def _add_public_vhost(self, running: Processes) -> None:
        try:
            rabbitmq.add_vhost(running.management_url, rabbitmq.PUBLIC_VHOST)
        except OSError as error:
            raise Failed(
                f"the broker's management interface does not take the virtual host "
                f"{rabbitmq.PUBLIC_VHOST} ({error}); set SAMBATAN_RABBITMQ_MANAGEMENT_URL."
            ) from error

    def _processes(self, chosen: dict[str, int]) -> Processes:
        embedded = self._settings
        return Processes(
            home=self.home,
            settings=self._settings,
            ports=chosen,
            broker=rabbitmq.Broker(self.home, chosen) if embedded.embeds_broker else None,
            database=database.Database(self.home, chosen) if embedded.embeds_database else None,
        )

    def _supervisor(self) -> Supervisor:
        return Supervisor(self.home, self.home.remembered()["ports"]["supervisor"])

    def _configure(self, running: Processes) -> str:
        text = self._supervisor().write(tuple(_groups(running)))
        return sha256(text.encode()).hexdigest()

    def _write_endpoints(self, running: Processes) -> None:
        entries: list[dict[str, Any]] = [
            {"name": seen.name, "pid": seen.pid, "health": _health(running, seen.name)}
            for seen in self._supervisor().seen().values()
        ]
        endpoints = {
            "gateway": running.gateway_url,
            "rabbitmq": {"url": running.rabbitmq_url, "management": running.management_url},
            "mongodb": running.mongodb_url,
            "processes": entries,
        }
        write_endpoints(self.home, endpoints)

    def _status_of(self, running: Processes, seen: Seen) -> Status:
        health = _health(running, seen.name)
        ready = says_ready(health) if health else seen.state == "RUNNING"
        return Status(seen.name, seen.state.lower(), seen.pid, health, ready)


_APPLICATION_GROUPS = ("services", GATEWAY)
_AT_REST = {"STOPPED", "EXITED", "FATAL"}


def _groups(running: Processes) -> Iterable[Group]:
    programs = {program.name: program for program in running.programs()}
    if running.broker is not None:
        yield Group("epmd", (running.broker.epmd,), starts_itself=True)
    servers = [running.broker.node] if running.broker else []
    servers += [running.database.program] if running.database else []
    if servers:
        yield Group("servers", tuple(servers), starts_itself=True)
    yield Group("services", tuple(programs[name] for name in SERVICES), starts_itself=False)
    yield Group(GATEWAY, (programs[GATEWAY],), starts_itself=False)


def _health(running: Processes, name: str) -> str | None:
    return running.health(name) if name in NAMES else None
