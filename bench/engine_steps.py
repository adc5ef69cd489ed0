"""The steps of the embedded engine that cost most, against algotom and against FBP.

Every plugin runs with its default parameters, on sinograms with noise and stripes; algotom runs the
same method with parameters of the same meaning, where it has one. One thread each.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any

import algotom.prep.calculation as calculation
import algotom.prep.filtering as filtering
import algotom.prep.removal as removal
import numpy as np
from measure import sinograms, take_turns, use_one_thread, verdict

from savu_core.catalogue import new_plugin
from savu_embedded.arrays import Array
from savu_embedded.datasets import projections
from savu_embedded.plugins import PLUGINS
from savu_embedded.plugins.base import Plugin
from savu_embedded.plugins.centring import Centring
from savu_embedded.statistics import combine, part

OTHERS: dict[str, Callable[[Array], Any] | None] = {
    "RemoveAllRings": lambda s: removal.remove_all_stripe(s, 3, 71, 31),
    "RingRemovalSorting": lambda s: removal.remove_stripe_based_sorting(s, 31),
    "RingRemovalFiltering": lambda s: removal.remove_stripe_based_filtering(s, 3, 31),
    "RingRemovalFitting": lambda s: removal.remove_stripe_based_fitting(s, 2, 5),
    "RemoveUnresponsiveAndFluctuatingRings": lambda s: removal.remove_dead_stripe(s, 3, 71),
    "RemoveLargeRings": lambda s: removal.remove_large_stripe(s, 3, 71),
    "RingRemovalInterpolation": lambda s: removal.remove_stripe_based_interpolation(s, 3, 31),
    "RingRemovalWaveletfft": lambda s: removal.remove_stripe_based_wavelet_fft(s, 4, 1, "db8"),
    "RingRemovalRegularization": lambda s: removal.remove_stripe_based_regularization(s, 0.005),
    "RingRemovalNormalization": lambda s: removal.remove_stripe_based_normalization(s, 11),
    "RavenFilter": lambda s: removal.remove_stripe_based_fft(s, 20, 8, 1, 50),
    "DezingerSinogram": lambda s: removal.remove_zinger(s, 0.1, 3),
    "Dezinger": lambda s: removal.remove_zinger(s, 0.1, 3),
    "MedianFilter": None,
    "PaganinFilter": None,
    "FresnelFilter": lambda s: filtering.fresnel_filter(s, 100, 1),
    "VoCentering": lambda s: calculation.find_center_vo(s, ncore=1),
    "AstraReconCpu": None,
}


def transmission(angles: int, columns: int, slices: int) -> Array:
    """Return what a detector with stripes measures of the phantom."""
    random = np.random.default_rng(0)
    integrals, *_ = sinograms(angles, columns, slices)
    light = np.exp(-1.6 * integrals / integrals.max())
    light *= random.normal(1, 0.005, light.shape).astype(np.float32)
    gain = np.ones((slices, 1, columns), np.float32)
    some = random.choice(columns, columns // 40, replace=False)
    gain[..., some] += random.normal(0, 0.03, (slices, 1, len(some)))
    gain[..., columns // 3] = 0.4
    return np.asarray(light * gain, np.float32)


def plugin_work(plugin: Plugin, stack: Array, frames: Array) -> Callable[[], Any]:
    """Return what runs a plugin on all sinograms, or on frames with as many values."""
    if isinstance(plugin, Centring):
        return lambda: [plugin.measure(stack[i : i + 1]) for i in range(len(stack))]
    if "rows" in plugin.cuts:
        return lambda: plugin.process(stack, 0, lambda _: None)
    return lambda: plugin.process_frames(frames, 0, lambda _: None)


def main() -> int:
    """Print the table; exit with 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("plugins", nargs="*", metavar="PLUGIN", help="default: all", default=[])
    parser.add_argument("--angles", type=int, default=1801)
    parser.add_argument("--columns", type=int, default=1024)
    parser.add_argument("--slices", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    use_one_thread()
    stack = transmission(options.angles, options.columns, options.slices)
    # Frames of a few hundred rows, as detectors have.
    frames = stack.reshape(-1, options.columns)
    frames = frames[: len(frames) // 256 * 256].reshape(-1, 256, options.columns)
    statistics = combine([part(sinogram) for sinogram in stack])
    angles = np.linspace(0, 180, options.angles, endpoint=False)
    print(f"{options.angles} angles x {options.columns} columns, stack of {len(stack)}, one thread")
    print(f"{'ms per slice':38} {'engine':>8} {'algotom':>8} {'times':>6} {'by FBP':>7}")
    goals = []
    fbp = 0.0
    for name in ["AstraReconCpu", *(options.plugins or OTHERS)]:
        if name == "AstraReconCpu" and fbp:
            continue
        plugin = PLUGINS[name](new_plugin(name, "1").parameters)
        if not isinstance(plugin, Plugin):
            raise TypeError(f"{name} is no step")
        frame = isinstance(plugin, Plugin) and plugin.cuts == ("frames",)
        plugin.statistics = statistics
        rows = frames.shape[1] if frame else len(stack)
        plugin.setup(projections(angles, rows, options.columns))
        works = {"engine": plugin_work(plugin, stack, frames)}
        other = OTHERS[name]
        if other:
            works["algotom"] = lambda other=other: other(stack[0])
        seconds, _ = take_turns(works, dict.fromkeys(works, options.rounds))
        values = frames.size if frame else stack.size
        engine = 1000 * seconds["engine"] * stack[0].size / values
        fbp = fbp or engine
        line = f"{name:38} {engine:8.1f} "
        if other:
            algotom = 1000 * seconds["algotom"]
            line += f"{algotom:8.1f} {algotom / engine:6.1f} "
            if name == "RemoveAllRings":
                goals.append(("all-stripe faster than algotom", algotom / engine, 5))
        print(f"{line:62} {engine / fbp:7.1f}", flush=True)
    return verdict(goals)


if __name__ == "__main__":
    sys.exit(main())
