from hypothesis import HealthCheck, settings

# That a machine is slow, or busy, is no fault of what is tested.
settings.register_profile(
    "patient", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("patient")
