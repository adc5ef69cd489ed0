"""The plugins that the engine runs."""

from __future__ import annotations

from savu_embedded.plugins.base import Plugin
from savu_embedded.plugins.centring import VoCentering
from savu_embedded.plugins.corrections import DarkFlatFieldCorrection
from savu_embedded.plugins.geometry import (
    CameraRotCorrection,
    Convert360180Sinogram,
    DistortionCorrection,
    DownsampleFilter,
    Rotate90,
    SubpixelShift,
)
from savu_embedded.plugins.image_filters import (
    BandPass,
    Dezinger,
    DezingerSinogram,
    HilbertFilter,
    MedianFilter,
    MorphProc,
    MorphRemoveObjects,
    OtsuThresh,
)
from savu_embedded.plugins.loaders import DxchangeLoader, NxtomoLoader
from savu_embedded.plugins.loading import Loader
from savu_embedded.plugins.phase import (
    FresnelFilter,
    MtfDeconvolution,
    PaganinFilter,
)
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
from savu_embedded.plugins.savers import Hdf5Saver, ImageSaver, TiffSaver
from savu_embedded.plugins.values import (
    ArithmeticOperations,
    DataThreshold,
    ElementwiseArraysArithmetics,
    RescaleIntensity,
    ThresholdFilter,
)

PLUGINS: dict[str, type[Plugin] | type[Loader]] = {
    plugin.__name__: plugin
    for plugin in (
        NxtomoLoader,
        DxchangeLoader,
        DarkFlatFieldCorrection,
        ArithmeticOperations,
        BandPass,
        CameraRotCorrection,
        Convert360180Sinogram,
        DataThreshold,
        Dezinger,
        DezingerSinogram,
        DistortionCorrection,
        DownsampleFilter,
        ElementwiseArraysArithmetics,
        FresnelFilter,
        HilbertFilter,
        MedianFilter,
        MorphProc,
        MorphRemoveObjects,
        MtfDeconvolution,
        OtsuThresh,
        PaganinFilter,
        RescaleIntensity,
        Rotate90,
        SubpixelShift,
        ThresholdFilter,
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
        ImageSaver,
        TiffSaver,
    )
}
