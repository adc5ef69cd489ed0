"""A site with Grid Engine, whose commands run on the machine of the server."""

c.SavuApp.roots = {"scratch": {"path": "/scratch"}}
c.SavuApp.output_root = "/scratch/savu-runs"

# the same path on the compute nodes
PYTHON = "/opt/savu-lab/bin/python3"
c.SavuApp.engines = {"embedded": [PYTHON, "-m", "savu_embedded"]}

c.SavuApp.backends = {
    "cell": {
        "kind": "gridengine",
        "python": PYTHON,
        "environment": {"SGE_ROOT": "/opt/sge", "SGE_CELL": "default"},
    },
}
c.SavuApp.queues = [
    {
        "name": "preview",
        "title": "Preview",
        "description": "The middle rows, within two minutes",
        "backend": "cell",
        "partition": "short.q",
        "restrict_rows": 8,
        "resources": {"cpus": {"default": 4, "most": 8}, "minutes": {"default": 5, "most": 10}},
    },
    {
        "name": "full",
        "title": "Full",
        "description": "The whole scan as an array of four tasks",
        "backend": "cell",
        "partition": "long.q",
        "account": "tomography",
        "shares": 4,
        "resources": {
            "cpus": {"default": 8, "most": 16},
            "memory": {"default": 16000, "most": 64000},
            "minutes": {"default": 60, "most": 720},
        },
    },
]
