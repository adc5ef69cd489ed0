"""Files and servers for the benchmarks of slices.

The same 512 frames of 1024 x 1024 float32 in seven layouts: in one run, in chunks of one frame and
of 32 x 256 x 256, and those with gzip and with bitshuffle-LZ4. The values are counts with noise,
which gzip makes a quarter of. The folder is used again by the next run; beside the files it holds
an environment with the viewer to compare with, which is no part of this project.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import venv
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import h5py
import hdf5plugin
import numpy as np

PEER = "jupyterlab-h5web[full]==12.9.0"
NAME = "data"
#: Frames, rows and columns: as the goals are meant, and for a try.
FULL, QUICK = (512, 1024, 1024), (128, 512, 512)
FRAMES, CUBES = "frames", "cubes"
FILTERS = ("", "_gzip", "_bslz4")
LAYOUTS = ("contiguous", *(kind + filters for filters in FILTERS for kind in (FRAMES, CUBES)))
_GZIP_LEVEL = 4


def chunks_of(layout: str, shape: tuple[int, int, int]) -> tuple[int, ...] | None:
    if layout == "contiguous":
        return None
    return (1, *shape[1:]) if layout.startswith(FRAMES) else (32, 256, 256)


def make_files(folder: Path, shape: tuple[int, int, int]) -> None:
    """Write the files that are not there."""
    folder.mkdir(parents=True, exist_ok=True)
    left = [layout for layout in LAYOUTS if not (folder / f"{layout}.h5").exists()]
    if not left:
        return
    began = time.perf_counter()
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        files = {layout: h5py.File(folder / f"{layout}.part", "w") for layout in left}
        sets = {}
        for layout, file in files.items():
            options = {
                "gzip": {"compression": "gzip", "compression_opts": _GZIP_LEVEL},
                "bslz4": hdf5plugin.Bitshuffle(),
            }.get(layout.rpartition("_")[2], {})
            # a plot that both viewers open at once
            file.attrs.update({"NX_class": "NXdata", "signal": NAME})
            sets[layout] = file.create_dataset(
                NAME, shape, "<f4", chunks=chunks_of(layout, shape), **options
            )
        random = np.random.default_rng(3)
        for first in range(0, shape[0], 32):
            frames = np.stack([counts(random, k, shape) for k in range(first, first + 32)])
            for layout, target in sets.items():
                if layout.endswith("gzip"):
                    write_gzip(target, first, frames, threads)
                else:
                    target[first : first + 32] = frames
    for layout, file in files.items():
        file.close()
        (folder / f"{layout}.part").rename(folder / f"{layout}.h5")
    print(f"{len(left)} files made in {time.perf_counter() - began:.0f} s", flush=True)


def counts(random: np.random.Generator, frame: int, shape: tuple[int, int, int]) -> np.ndarray:
    """What a detector counts: a cylinder that changes with the angle, and noise of its root."""
    rows, columns = shape[1:]
    across = np.linspace(-1.2, 1.2, columns, dtype="f4") + np.float32(0.1 * np.sin(frame / 40))
    through = np.sqrt(np.clip(1 - across**2, 0, None))
    mean = (200 * np.exp(-1.2 * through))[None, :]
    noise = random.standard_normal((rows, columns), dtype="f4") * np.sqrt(mean)
    return np.rint(mean + noise).astype("<f4")


def write_gzip(
    target: h5py.Dataset, first: int, frames: np.ndarray, threads: ThreadPoolExecutor
) -> None:
    """Write `frames` as HDF5 would, with all processors."""
    depth, rows, columns = target.chunks
    places = [
        (z, y, x)
        for z in range(0, len(frames), depth)
        for y in range(0, frames.shape[1], rows)
        for x in range(0, frames.shape[2], columns)
    ]

    def pack(place: tuple[int, int, int]) -> bytes:
        z, y, x = place
        chunk = frames[z : z + depth, y : y + rows, x : x + columns]
        return zlib.compress(np.ascontiguousarray(chunk), _GZIP_LEVEL)

    for (z, y, x), packed in zip(places, threads.map(pack, places), strict=True):
        target.id.write_direct_chunk((first + z, y, x), packed)


def peer_python(folder: Path) -> Path:
    """The interpreter of an environment with the viewer to compare with."""
    place = folder / "peer"
    python = place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not (place / "ready").exists():
        venv.create(place, with_pip=True, clear=True)
        command = [python, "-m", "pip", "install", "--quiet", PEER, "jupyterlab>=4.4,<5"]
        subprocess.run(command, check=True)
        (place / "ready").touch()
    return python


@dataclass(frozen=True)
class Server:
    """A running Jupyter server with one extension."""

    name: str
    port: int
    token: str
    pid: int

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"token {self.token}"}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def path(self, file: str, axis: int, index: int) -> str:
        """Where the values of a slice are, as little-endian bytes."""
        plane = ",".join(str(index) if k == axis else ":" for k in range(3))
        if self.name == "peer":
            return f"/h5web/data?file={file}&path=/{NAME}&selection={plane}&format=bin&dtype=safe"
        return f"/savu/slices/slice?file={file}&path={NAME}&plane={plane}"


#: Answers that cost nothing but being sent.
_BARE = """
import numpy as np
from jupyter_server.base.handlers import JupyterHandler
from tornado.web import authenticated

BYTES = memoryview(np.ones(1 << 22, np.uint8))

class Bare(JupyterHandler):
    @authenticated
    async def get(self):
        size = int(self.get_query_argument("size"))
        self.set_header("Content-Length", str(size))
        self.set_header("Content-Type", "application/octet-stream")
        await self.flush()
        await self.request.connection.write(BYTES[:size])
        self.finish(set_content_type="application/octet-stream")

def _load_jupyter_server_extension(app):
    app.web_app.add_handlers(".*$", [("/bare", Bare)])

def _jupyter_server_extension_points():
    return [{"module": "savu_bench_bare"}]
"""


@contextmanager
def running(name: str, python: Path | str, root: Path, home: Path, lab: bool) -> Iterator[Server]:
    """A server on `root`, with this project's extension or, as "peer", with the other's.

    Its settings and the log are below `home`; with `lab` it serves JupyterLab as well.
    """
    extension = "jupyterlab_h5web" if name == "peer" else "jupyterlab_savu"
    home.mkdir(parents=True, exist_ok=True)
    (home / "savu_bench_bare.py").write_text(_BARE)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings: dict[str, dict[str, Any]] = {
        "ServerApp": {
            "port": port,
            "port_retries": 0,
            "ip": "127.0.0.1",
            "root_dir": str(root),
            "open_browser": False,
            "allow_root": True,
            "jpserver_extensions": {
                extension: True,
                "savu_bench_bare": True,
                "jupyterlab": lab,
                "jupyter_lsp": False,
                "jupyter_server_terminals": False,
                "notebook": False,
                "notebook_shim": False,
            },
        }
    }
    if name != "peer":
        # on a busy machine, slow is not too slow
        settings["SavuApp"] = {"limits": {"request_seconds": 300}}
    (home / "jupyter_server_config.json").write_text(json.dumps(settings))
    folders = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "XDG_DATA_HOME")
    token = secrets.token_hex(16)
    environment = {
        **os.environ,
        **dict.fromkeys(folders, str(home)),
        "PYTHONPATH": str(home),
        "JUPYTER_TOKEN": token,
    }
    with (home / "log").open("w") as log:
        process = subprocess.Popen(
            [str(python), "-m", "jupyterlab" if lab else "jupyter_server"],
            env=environment,
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    server = Server(name, port, token, process.pid)
    try:
        wait_for(server, process, home / "log")
        yield server
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(15)
        process.kill()
        process.wait()


def wait_for(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError):
            urlopen(Request(server.url + "api/status", headers=server.headers)).close()
            return
        time.sleep(0.1)
    raise RuntimeError(f"the server did not start: {log.read_text()[-2000:]}")


def default_folder() -> Path:
    return Path(tempfile.gettempdir()) / "savu-slices"


def main() -> None:
    """Serve the files in a folder in both JupyterLabs until standard input ends.

    Arguments: the folder (or "" for the usual one), and "quick" for small files.
    """
    folder = Path(sys.argv[1]) if sys.argv[1] else default_folder()
    shape, name = (QUICK, "quick") if sys.argv[2:] == ["quick"] else (FULL, "files")
    make_files(folder / name, shape)
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="savu-slices-")))
        for kind, python in (("ours", sys.executable), ("peer", peer_python(folder))):
            server = stack.enter_context(
                running(kind, python, folder / name, home / kind, lab=True)
            )
            print(json.dumps({"name": kind, "url": server.url, "token": server.token}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
