"""A laptop: jobs run on it, one full run at a time."""

c.SavuApp.queues = [
    {
        "name": "preview",
        "title": "Preview",
        "description": "The middle rows of the scan, to try parameters",
        "restrict_rows": 8,
        "slots": 2,
    },
    {
        "name": "full",
        "title": "Full",
        "description": "The whole scan, on two of the processors",
        "options": ["--processes", "2"],
    },
]
