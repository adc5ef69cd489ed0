"""The plugins that the engine runs."""

from __future__ import annotations

from savu_embedded.plugins.base import Plugin
from savu_embedded.plugins.centring import VoCentering
from savu_embedded.plugins.corrections import DarkFlatFieldCorrection
from savu_embedded.plugins.loaders import NxtomoLoader
from savu_embedded.plugins.reconstruction import (
    AstraReconCpu,
    ScikitimageFilterBackProjection,
    TomopyRecon,
)
from savu_embedded.plugins.ring_removal import (
    RavenFilter,
    RemoveAllRings,
    RemoveLargeRings,
    RemoveUnresponsiveAndFluctuatingRings,
    RingRemovalFiltering,
    RingRemovalFitting,
    RingRemovalInterpolation,
    RingRemovalNormalization,
    RingRemovalRegularization,
    RingRemovalSorting,
    RingRemovalWaveletfft,
)
from savu_embedded.plugins.savers import Hdf5Saver

PLUGINS: dict[str, type[Plugin] | type[NxtomoLoader]] = {
    plugin.__name__: plugin
    for plugin in (
        NxtomoLoader,
        DarkFlatFieldCorrection,
        RavenFilter,
        RemoveAllRings,
        RemoveLargeRings,
        RemoveUnresponsiveAndFluctuatingRings,
        RingRemovalFiltering,
        RingRemovalFitting,
        RingRemovalInterpolation,
        RingRemovalNormalization,
        RingRemovalRegularization,
        RingRemovalSorting,
        RingRemovalWaveletfft,
        VoCentering,
        AstraReconCpu,
        TomopyRecon,
        ScikitimageFilterBackProjection,
        Hdf5Saver,
    )
}
