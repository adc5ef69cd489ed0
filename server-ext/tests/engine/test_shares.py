"""A run that several machines share: each does some of the rows, and one joins them."""

from __future__ import annotations

import shutil
from pathlib import Path

import h5py
import numpy as np
import pytest

from savu_core.catalogue import new_plugin
from savu_core.runs import read_run
from savu_embedded.__main__ import main
from savu_embedded.blocks import GRID, share_span, stage_spans
from savu_embedded.datasets import Family
from savu_embedded.errors import RefusedError
from savu_embedded.plugins.image_filters import MedianFilter
from savu_embedded.stages import Stage
from savu_embedded.steps import Step

from .conftest import CHAIN, FBP, MakeList, final
from .test_stops import started, wait_until

CENTRE = ("VoCentering", {"in_datasets": ["tomo"]})
PAGANIN = ("PaganinFilter", {"Padtopbottom": 4, "Padleftright": 8})
NO_LOG = ("AstraReconCpu", {"log": False})
MEDIAN = ("MedianFilter", {"kernel_size": 3})
TUNED = ("AstraReconCpu", {"centre_of_rotation": "59;60;61"})


def run(scan: Path, plist: Path, folder: Path, *options: str) -> int:
    arguments = [str(scan), str(plist), str(folder.parent), "-f", folder.name, "-q", *options]
    return main(arguments)


@pytest.mark.parametrize(
    "plugins",
    [
        # a share each, nothing before and after
        [*CHAIN, FBP],
        # frames and a centre before, and rows of the neighbour after
        [*CHAIN, PAGANIN, CENTRE, NO_LOG, MEDIAN],
        # the range of all values after
        [*CHAIN, FBP, "RescaleIntensity"],
        [*CHAIN, TUNED, MEDIAN],
    ],
    ids=["rows", "frames and halo", "statistics", "tuning"],
)
def test_shares_are_the_whole_bit_by_bit(
    plugins: list[object], scan: Path, make_list: MakeList, tmp_path: Path
) -> None:
    plist = make_list(*plugins)
    assert run(scan, plist, tmp_path / "whole") == 0
    shared = tmp_path / "shared"
    for part in ("0/3", "3/3", "1/3", "2/3"):
        assert run(scan, plist, shared, "--share", part) == 0
    assert run(scan, plist, shared, "--join") == 0
    np.testing.assert_array_equal(final(shared), final(tmp_path / "whole"))
    assert read_run(shared).state == "succeeded"
    assert {path.name for path in shared.rglob("*.h5")} == {
        path.name for path in (tmp_path / "whole").glob("*.h5")
    }
    # the folder can be moved
    shutil.move(shared, tmp_path / "elsewhere")
    np.testing.assert_array_equal(final(tmp_path / "elsewhere"), final(tmp_path / "whole"))


def test_a_missing_share_is_named_and_run_alone(
    scan: Path, make_list: MakeList, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plist = make_list(*CHAIN, FBP)
    folder = tmp_path / "run"
    for part in ("1/4", "2/4", "4/4"):
        assert run(scan, plist, folder, "--share", part) == 0
    status = read_run(folder)
    assert (status.state, status.fraction) == ("running", pytest.approx(3 / 4))
    assert [(share.number, share.of) for share, _ in status.shares] == [(1, 4), (2, 4), (4, 4)]
    assert run(scan, plist, folder, "--join") == 1
    assert "Of 4 shares, 3 is missing: their rows read as NaN" in capsys.readouterr().err
    assert read_run(folder).state == "failed"
    absent = np.isnan(final(folder))
    assert absent[:, 4:6].all()
    assert not absent[:, :4].any()
    assert not absent[:, 6:].any()
    assert run(scan, plist, folder, "--share", "3/4") == 0
    assert (read_run(folder).state, read_run(folder).fraction) == ("running", 1)
    assert run(scan, plist, folder, "--join") == 0
    assert not np.isnan(final(folder)).any()
    assert run(scan, plist, folder, "--share", "3/4") == 0
    assert "share 3 of 4 is complete already" in capsys.readouterr().out


def test_a_share_that_was_stopped_goes_on(
    scan: Path, make_list: MakeList, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plist = make_list(*CHAIN, FBP)
    folder = tmp_path / "run"
    assert run(scan, plist, folder, "--share", "1/2") == 0
    (folder / "shares" / "2_of_2").mkdir()
    (folder / "shares" / "2_of_2" / "killsignal").touch()
    assert run(scan, plist, folder, "--share", "2/2") == 3
    assert read_run(folder).state == "killed"
    (folder / "shares" / "2_of_2" / "killsignal").unlink()
    other = tmp_path / "other.nxs"
    shutil.copy(scan, other)
    assert run(other, plist, folder, "--share", "2/2") == 2
    assert "The run cannot go on: the scan has changed" in capsys.readouterr().err
    assert read_run(folder).state == "killed"
    assert run(scan, plist, folder, "--share", "2/2") == 0
    assert (read_run(folder).state, read_run(folder).fraction) == ("running", 1)


def test_a_killed_share_alone_is_run_again(scan: Path, make_list: MakeList, tmp_path: Path) -> None:
    slow = ("AstraReconCpu", {"algorithm": "SIRT", "n_iterations": 12})
    plist = make_list(*CHAIN, slow)
    folder = tmp_path / "run"
    assert run(scan, plist, folder, "--share", "1/2") == 0
    kept = (folder / "shares" / "1_of_2" / "tomo_p3_astra_recon_cpu.h5").stat()
    own = folder / "shares" / "2_of_2"
    with started(scan, plist, tmp_path, "-f", "run", "--share", "2/2", "--block", 2) as process:
        wait_until(lambda: (own / "tomo_p3_astra_recon_cpu.h5").exists())
        process.kill()
    assert read_run(folder).state == "running"
    assert run(scan, plist, folder, "--share", "2/2") == 0
    assert run(scan, plist, folder, "--join") == 0
    assert (folder / "shares" / "1_of_2" / "tomo_p3_astra_recon_cpu.h5").stat() == kept
    assert run(scan, plist, tmp_path / "whole") == 0
    np.testing.assert_array_equal(final(folder), final(tmp_path / "whole"))


def test_work_on_all_rows_comes_first(
    scan: Path, make_list: MakeList, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plist = make_list(*CHAIN[:2], CENTRE, FBP)
    folder = tmp_path / "run"
    assert run(scan, plist, folder, "--share", "1/2") == 2
    assert "run --share 0/N first" in capsys.readouterr().err
    assert run(scan, plist, folder, "--share", "0/2") == 0
    assert run(scan, plist, folder, "--share", "1/2") == 0


def test_parts_that_do_not_belong_together_are_refused(
    scan: Path, make_list: MakeList, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plist = make_list(*CHAIN, FBP)
    folder = tmp_path / "run"
    assert run(scan, plist, folder, "--join") == 2
    assert "No share has begun" in capsys.readouterr().err
    assert run(scan, plist, folder, "--share", "1/2") == 0
    assert run(scan, plist, folder, "--share", "1/3") == 2
    assert "is cut into 2 shares, not 3" in capsys.readouterr().err
    assert run(scan, plist, folder) == 2
    assert "holds a run" in capsys.readouterr().err
    changed = make_list(*CHAIN, (FBP[0], {"centre_of_rotation": 61.0}), name="changed.nxs")
    assert run(scan, changed, folder, "--share", "2/2") == 2
    assert read_run(folder).state == "running"
    assert "the process list has changed" in capsys.readouterr().err
    assert run(scan, plist, tmp_path / "many", "--share", "1/5") == 2
    assert "8 rows can be cut into at most 4 shares" in capsys.readouterr().err


def test_never_written_rows_are_told(scan: Path, make_list: MakeList, tmp_path: Path) -> None:
    plist = make_list(*CHAIN, FBP)
    assert run(scan, plist, tmp_path / "run") == 0
    with h5py.File(tmp_path / "run" / "tomo_p3_astra_recon_cpu.h5") as file:
        assert file["3-AstraReconCpu-tomo/written"][()].tolist() == [1] * 8


@pytest.mark.parametrize("of", [1, 2, 3, 5, 50])
def test_shares_meet_on_the_grid(of: int) -> None:
    spans = [share_span(101, number, of) for number in range(1, of + 1)]
    assert [first for first, _ in spans] == [0, *(last for _, last in spans[:-1])]
    assert spans[-1][1] == 101
    assert all(first % GRID == 0 and first < last for first, last in spans)


def test_more_shares_than_pairs_of_rows_are_refused() -> None:
    with pytest.raises(RefusedError, match="at most 51 shares"):
        share_span(101, 1, 52)


def test_earlier_stages_do_the_rows_that_later_ones_see() -> None:
    parameters = {"kernel_size": 7, "dimension": "3D", "pattern": "VOLUME_XZ"}
    median = Family((), (MedianFilter(parameters),))
    step = Step(0, 1, new_plugin("MedianFilter", "1"), median)
    assert step.halo == 3
    stages = [Stage("rows", 41, [step], 41)] * 3
    assert stage_spans(stages, (10, 20)) == [(2, 28), (6, 24), (10, 20)]
    assert stage_spans(stages, (36, 41)) == [(28, 41), (32, 41), (36, 41)]
