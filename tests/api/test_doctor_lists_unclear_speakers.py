"""`turnwise doctor` lists the names that may be several people's; nothing is broken by them."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

PAGE = "Title: Beds\nDate: 2024-05-06\n\nAnn Lee: Hello.\n\nBo: Hello.\n\nBo Ek: Hi.\n\nBo Strand: Good morning.\n"


def test_a_first_name_that_fits_two_people_is_listed_with_what_to_write(
    run_turnwise: Callable[..., "CompletedProcess[str]"], tmp_path: Path
) -> None:
    (tmp_path / "beds.txt").write_text(PAGE, "utf-8")
    assert run_turnwise("add", tmp_path / "beds.txt", "--home", tmp_path / "home").returncode == 0
    done = run_turnwise("doctor", "--home", tmp_path / "home", "--json")
    assert done.returncode == 0, done.stderr
    [check] = [check for check in json.loads(done.stdout)["checks"] if check["name"] == "speakers"]
    assert check["ok"] is True
    assert "Bo may be Bo Ek or Bo Strand" in check["detail"]
    assert 'aliases = ["Bo"]' in check["mend"]
