"""A site with Slurm, whose login nodes are reached over SSH.

The home folders and /scratch are the same on all machines. Users have an SSH key in an agent, or
one without a passphrase; the login nodes are among their known hosts.
"""

c.SavuApp.roots = {
    "beamline": {"path": "/data", "read_only": True},
    "scratch": {"path": "/scratch"},
}
c.SavuApp.output_root = "/scratch/savu-runs"

# the same path on the compute nodes
PYTHON = "/opt/savu-lab/bin/python3"
c.SavuApp.engines = {"embedded": [PYTHON, "-m", "savu_embedded"]}

c.SavuApp.backends = {
    "cluster": {
        "kind": "slurm",
        "nodes": ["login1", "login2"],
        "python": PYTHON,
        # beside this file; slurm-gpu is a template of this site
        "templates": ["/etc/jupyter/savu-templates"],
    },
}
c.SavuApp.queues = [
    {
        "name": "preview",
        "title": "Preview",
        "description": "The middle rows, within two minutes",
        "backend": "cluster",
        "partition": "short",
        "restrict_rows": 8,
        "resources": {
            "cpus": {"default": 4, "most": 8},
            "memory": {"default": 8000, "most": 16000},
            "minutes": {"default": 5, "most": 10},
        },
    },
    {
        "name": "full",
        "title": "Full",
        "description": "The whole scan on eight nodes",
        "backend": "cluster",
        "partition": "long",
        "shares": 8,
        "resources": {
            "cpus": {"default": 16, "most": 64},
            "memory": {"default": 64000, "most": 256000},
            "minutes": {"default": 60, "most": 1440},
        },
    },
    {
        "name": "gpu",
        "title": "GPU",
        "description": "One node with GPUs, on your project's account",
        "backend": "cluster",
        "partition": "gpu",
        "template": "slurm-gpu",
        "values": {"constraint": "a100"},
        "choose": ["project"],
        "resources": {
            "gpus": {"default": 1, "most": 4},
            "cpus": {"default": 8, "most": 32},
            "minutes": {"default": 30, "most": 240},
        },
    },
]
