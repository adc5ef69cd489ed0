"""The Python client for notebooks, with the nouns and verbs of the API; the command line uses it.

::

    from jupyterlab_savu.client import Savu

    savu = Savu()
    steps = savu.list("demo_fbp.nxs")
    steps["AstraReconCpu"]["FBP_filter"] = "hann"
    job = steps.submit("scan.nxs", queue="preview").wait()
    image = job.result.volume()[:, 4]
    job.view()  # the slice view of the browser, as the value of a cell
"""

from jupyterlab_savu.client.api import Savu
from jupyterlab_savu.client.connection import SavuError
from jupyterlab_savu.client.job import Job, JobFailed, JobGroup, Result
from jupyterlab_savu.client.places import Place
from jupyterlab_savu.client.process_list import ProcessList
from jupyterlab_savu.client.view import View
from jupyterlab_savu.client.volume import Volume

__all__ = [
    "Job",
    "JobFailed",
    "JobGroup",
    "Place",
    "ProcessList",
    "Result",
    "Savu",
    "SavuError",
    "View",
    "Volume",
]
