"""What this machine and the hub's process use now. The one door to psutil."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from pathlib import Path

# The processor's share is taken over at least so many seconds of all cores together: between two
# looks that follow one another at once, the answer itself would be all that it sees.
_SHORTEST = 2.0


@dataclass(frozen=True, slots=True)
class Machine:
    """A look at the machine. Sizes in bytes, shares in percent (0 to 100)."""

    memory_used: int
    memory_total: int
    memory_percent: float
    disk_used: int
    disk_free: int
    disk_total: int
    disk_percent: float
    processor_percent: float
    own_memory: int
    words: str


class Watch:
    """Looks at the machine; the disk is the one that holds `folder`."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._busy = self._total = 0.0
        self._share: float | None = None

    def look(self) -> Machine:
        """The machine now; the processor's share is that since an earlier look."""
        # Loaded at the first look: no start waits for it (30 ms of 600).
        import psutil  # noqa: PLC0415

        memory, disk = psutil.virtual_memory(), psutil.disk_usage(str(_there(Path(self._folder))))
        times = psutil.cpu_times()
        total = float(sum(times))
        busy = total - times.idle - getattr(times, "iowait", 0.0)
        if self._share is None:
            self._share = min(psutil.getloadavg()[0] / (psutil.cpu_count() or 1) * 100, 100.0)
            self._busy, self._total = busy, total
        elif total - self._total >= _SHORTEST:
            self._share = min(max((busy - self._busy) / (total - self._total) * 100, 0.0), 100.0)
            self._busy, self._total = busy, total
        return Machine(
            memory_used=memory.used,
            memory_total=memory.total,
            memory_percent=memory.percent,
            disk_used=disk.used,
            disk_free=disk.free,
            disk_total=disk.total,
            disk_percent=disk.percent,
            processor_percent=self._share,
            own_memory=psutil.Process().memory_info().rss,
            words=f"{platform.machine()}, {psutil.cpu_count()} cores",
        )


def _there(folder: Path) -> Path:
    """The folder, or the nearest above it that is there already."""
    here = folder.absolute()
    return next((found for found in (here, *here.parents) if found.exists()), Path("/"))
