"""The routes of the contract in schema/openapi.yaml: one thin module a resource."""

from __future__ import annotations

from jupyterlab_savu.routes import (
    data,
    files,
    info,
    jobs,
    plugins,
    process_lists,
    slices,
    templates,
    values,
)
from jupyterlab_savu.routes.base import SavuHandler

Route = tuple[str, type[SavuHandler]]

HANDLERS: list[Route] = [
    (r"/savu/info", info.InfoHandler),
    (r"/savu/plugins", plugins.PluginsHandler),
    (r"/savu/plugins/([A-Za-z0-9_]+)", plugins.PluginHandler),
    (r"/savu/files", files.FileHandler),
    (r"/savu/process-lists", process_lists.ProcessListsHandler),
    (r"/savu/process-lists/content", process_lists.ContentHandler),
    (r"/savu/process-lists/download", process_lists.DownloadHandler),
    (r"/savu/process-lists/check", process_lists.CheckHandler),
    (r"/savu/process-lists/refresh", process_lists.RefreshHandler),
    (r"/savu/process-lists/compare", process_lists.CompareHandler),
    (r"/savu/values", values.ValueHandler),
    (r"/savu/values/tuning", values.TuningHandler),
    (r"/savu/values/preview", values.PreviewHandler),
    (r"/savu/templates", templates.TemplateHandler),
    (r"/savu/templates/content", templates.ContentHandler),
    (r"/savu/locations", files.LocationHandler),
    (r"/savu/places", files.PlaceHandler),
    (r"/savu/datasets", files.DatasetsHandler),
    # h5web writes a slash before the query
    (r"/savu/data/meta/?", data.MetadataHandler),
    (r"/savu/data/attr/?", data.AttributesHandler),
    (r"/savu/data/data/?", data.ValuesHandler),
    (r"/savu/data/stats/?", data.StatisticsHandler),
    (r"/savu/data/paths/?", data.PathsHandler),
    (r"/savu/slices/volumes", slices.VolumesHandler),
    (r"/savu/slices/volume", slices.VolumeHandler),
    (r"/savu/slices/frames", slices.FramesHandler),
    (r"/savu/slices/growth", slices.GrowthHandler),
    (r"/savu/slices/slice", slices.SliceHandler),
    (r"/savu/slices/statistics", slices.StatisticsHandler),
    (r"/savu/slices/profile", slices.ProfileHandler),
    (r"/savu/queues", jobs.QueuesHandler),
    (r"/savu/queues/([^/]+)/script", jobs.ScriptHandler),
    (r"/savu/plans", jobs.PlansHandler),
    (r"/savu/jobs", jobs.JobsHandler),
    (r"/savu/jobs/([^/]+)", jobs.JobHandler),
    (r"/savu/jobs/([^/]+)/cancel", jobs.CancelHandler),
    (r"/savu/jobs/([^/]+)/run-again", jobs.RunAgainHandler),
    (r"/savu/jobs/([^/]+)/resume", jobs.ResumeHandler),
    (r"/savu/jobs/([^/]+)/data", jobs.DataHandler),
    (r"/savu/jobs/([^/]+)/list", jobs.ListHandler),
    (r"/savu/jobs/([^/]+)/record", jobs.RecordHandler),
    (r"/savu/jobs/([^/]+)/outputs", jobs.OutputsHandler),
    (r"/savu/jobs/([^/]+)/log", jobs.LogHandler),
    (r"/savu/job-groups", jobs.JobGroupsHandler),
    (r"/savu(?:/.*)?", info.UnknownHandler),
]
NOT_CONFIGURED: list[Route] = [(r"/savu(?:/.*)?", info.NotConfiguredHandler)]
