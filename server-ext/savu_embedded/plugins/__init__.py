"""The plugins that the engine runs."""

from __future__ import annotations

from savu_embedded.plugins.base import Plugin
from savu_embedded.plugins.centring import Centering360, VoCentering
from savu_embedded.plugins.corrections import (
    DarkFlatFieldCorrection,
    MonitorCorrection,
    TimeBasedCorrection,
)
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
    DenoiseBregmanFilter,
    Dezinger,
    DezingerSinogram,
    HilbertFilter,
    MedianFilter,
    MorphProc,
    MorphRemoveObjects,
    OtsuThresh,
)
from savu_embedded.plugins.image_loader import ImageLoader
from savu_embedded.plugins.loaders import DxchangeLoader, NxtomoLoader
from savu_embedded.plugins.loading import Loader
from savu_embedded.plugins.nexus_loaders import (
    NxmonitorLoader,
    NxstxmLoader,
    SavuNexusLoader,
)
from savu_embedded.plugins.phase import (
    FresnelFilter,
    MtfDeconvolution,
    PaganinFilter,
    PhaseUnwrapping,
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
from savu_embedded.plugins.scikit_sart import ScikitimageSart, SimpleRecon
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
        ImageLoader,
        SavuNexusLoader,
        NxstxmLoader,
        NxmonitorLoader,
        DarkFlatFieldCorrection,
        MonitorCorrection,
        TimeBasedCorrection,
        ArithmeticOperations,
        BandPass,
        CameraRotCorrection,
        Convert360180Sinogram,
        DataThreshold,
        DenoiseBregmanFilter,
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
        PhaseUnwrapping,
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
        Centering360,
        VoCentering,
        AstraReconCpu,
        TomopyRecon,
        ScikitimageFilterBackProjection,
        ScikitimageSart,
        SimpleRecon,
        Hdf5Saver,
        ImageSaver,
        TiffSaver,
    )
}
