"""Fresh minimal Debian systems in folders, and how commands run in them."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

MIRROR = "http://deb.debian.org/debian"
PERSON = 1000
"""User id of the person who uses the app there."""
HOME = Path("/home/Zoë Ångström 日本")
"""That person's folder: with spaces, and letters of more than one byte."""
RUNTIME = Path(f"/run/user/{PERSON}")
"""Where a session keeps sockets; made at the login and removed with the logout."""

PATIENCE = 900
"""Seconds for one command; downloads of packages are the slowest."""

# Mounts are made in a namespace of the command's own: they end with it, however it ends, and nobody else
# sees them. Every step replaces the process, so that the process id known outside is the app's.
_ENTER = """
root=$1 ids=$2 network=$3 stamp=$4
shift 4
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/dev/shm"
mkdir -p "$root/tmp/.X11-unix"
[ ! -d /tmp/.X11-unix ] || mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
if [ "$network" = off ]; then ip link set lo up; else cat /etc/resolv.conf > "$root/etc/resolv.conf"; fi
[ -z "$stamp" ] || printf %s "$EPOCHREALTIME" > "$stamp"
exec chroot --userspec="$ids" --groups="${ids#*:}" "$root" "$@"
"""


@dataclass(frozen=True, slots=True)
class Root:
    """A system in a folder.

    Attributes:
        folder: Its root.
    """

    folder: Path

    def command(
        self,
        *words: str | Path,
        person: bool = False,
        network: bool = False,
        display: str = "",
        stamp: Path | None = None,
        variables: dict[str, str] | None = None,
    ) -> list[str]:
        """Build the command line that runs words in this system.

        Args:
            words: The command.
            person: Run it as the person, in her home folder, not as root.
            network: With this machine's network; otherwise there is none but the loopback address.
            display: The display of an X server on this machine.
            stamp: File outside, gets the seconds since 1970 right before the command starts.
            variables: More of the environment, which else is that of a fresh login.
        """
        environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin" + ("" if person else ":/usr/local/sbin:/usr/sbin:/sbin"),
            "LANG": "C.UTF-8",
            "HOME": str(HOME) if person else "/root",
            "USER": "person" if person else "root",
            "DEBIAN_FRONTEND": "noninteractive",
        }
        if person:
            environment["XDG_RUNTIME_DIR"] = str(RUNTIME)
        if display:
            environment["DISPLAY"] = display
        environment |= variables or {}
        ids = f"{PERSON}:{PERSON}" if person else "0:0"
        inside = ["/usr/bin/env", "-i", "-C", environment["HOME"]]
        inside += [f"{name}={value}" for name, value in environment.items()]
        return [
            *("unshare", "--mount", "--propagation", "private", *([] if network else ["--net"])),
            *("bash", "-euc", _ENTER, "enter", str(self.folder), ids, "on" if network else "off"),
            *(str(stamp or ""), *inside, *map(str, words)),
        ]

    def run(
        self, *words: str | Path, check: bool = True, patience: float = PATIENCE, **options: object
    ) -> subprocess.CompletedProcess[str]:
        """Run words in this system; see `command` for the options.

        Raises:
            subprocess.CalledProcessError: It failed, unless ``check`` is false.
            subprocess.TimeoutExpired: It took longer than ``patience`` seconds; it was killed.
        """
        return subprocess.run(
            self.command(*words, **options),  # type: ignore[arg-type]
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=check,
            timeout=patience,
        )

    def outside(self, place: str | Path) -> Path:
        """Where a place of this system lies on this machine."""
        return self.folder / str(place).lstrip("/")

    def give(self, source: Path, place: str | Path) -> Path:
        """Copy a file or folder of this machine to the person.

        Returns:
            The place within the system.
        """
        target = self.outside(place)
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copyfile(source, target)
        self.own(target)
        return Path("/") / target.relative_to(self.folder)

    def own(self, path: Path) -> None:
        """Make a file or folder, all in it, and the folders from home to it the person's own."""
        home = self.outside(HOME)
        leading = [folder for folder in path.parents if folder.is_relative_to(home)]
        for each in [*leading, path, *(path.rglob("*") if path.is_dir() else ())]:
            os.chown(each, PERSON, PERSON, follow_symlinks=False)

    def log_in(self) -> None:
        """Make the folder that a session gets."""
        folder = self.outside(RUNTIME)
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        os.chown(folder, PERSON, PERSON)

    def log_out(self) -> None:
        """Remove it, as the end of a session does."""
        shutil.rmtree(self.outside(RUNTIME), ignore_errors=True)


def fresh(suite: str, folder: Path) -> Root:
    """Make a system of which nothing was used yet, with one person.

    The first one of a suite comes from the mirror and is kept as a base for the next.

    Args:
        suite: The Debian release, such as ``bookworm``.
        folder: For bases and systems.
    """
    base, target = folder / suite, folder / f"{suite}-trial"
    if not base.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        partial = folder / f"{suite}-partial"
        remove(partial)
        command = ["debootstrap", "--variant=minbase", suite, str(partial), MIRROR]
        subprocess.run(command, check=True, capture_output=True, text=True)
        partial.rename(base)
    remove(target)
    copy = ["cp", "-a", str(base), str(target)]
    subprocess.run(copy, check=True)
    root = Root(target)
    root.run(
        "useradd", "--create-home", "--home-dir", HOME, "--uid", str(PERSON), "--shell", "/bin/sh", "person"
    )
    root.log_in()
    return root


def remove(folder: Path) -> None:
    """Remove a system.

    Raises:
        RuntimeError: Something is mounted in it, which would be emptied too.
    """
    if not folder.is_dir():
        return
    mounts = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    places = [line.split()[1].encode().decode("unicode_escape") for line in mounts]
    if any(Path(place).is_relative_to(folder.resolve()) for place in places):
        message = f"Something is mounted in {folder}; unmount it first."
        raise RuntimeError(message)
    # A folder of another file system would not be entered either.
    command = ["rm", "-rf", "--one-file-system", str(folder)]
    subprocess.run(command, check=True)
