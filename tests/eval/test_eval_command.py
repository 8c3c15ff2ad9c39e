"""`turnwise eval` and `turnwise eval compare`: options, files, exit codes."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ir_measures
import pytest

if TYPE_CHECKING:
    import subprocess

QUESTIONS = [
    {"id": "e 1", "question": "What is a driver diagram for?", "gold": [{"source": "a-theory-you-can-cross-out"}]},
    {
        "id": "e2",
        "question": "Who <b>won</b> & why?",
        "history": ["Which song contest was there?"],
        "gold": [],
    },
    {
        "id": "e4",
        "question": "Who <b>sang</b> & why?",
        "gold": [{"source": "home-in-time-for-lunch", "quote": "words <i>that nobody said</i>"}],
    },
    {"id": "e3", "question": "How do huddles work?", "gold": [{"source": "safety-huddles-in-nordfjellsund"}]},
]
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(json.dumps(q) + "\n" for q in QUESTIONS), encoding="utf-8")
    return path


@pytest.fixture
def command(capfdbinary: pytest.CaptureFixture[bytes]) -> Command:
    """Run the command line in this process: exit code, standard output, standard error."""
    from api.cli.program import app  # noqa: PLC0415 - brings the command line

    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            app(args=[str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        return int(ended.value.code or 0), out.decode(), err.decode()

    return run


@pytest.fixture(scope="module")
def home_of(corpus_home: Path) -> tuple[str, str]:
    return "--home", str(corpus_home)


def test_everything_that_a_run_writes(command: Command, dataset: Path, tmp_path: Path, home_of: tuple[str, str]):
    html, document, markdown = (tmp_path / f"report.{form}" for form in ("html", "json", "md"))
    reports = [part for path in (html, document, markdown) for part in ("--report", path)]
    files = ["--run", tmp_path / "run.trec", "--qrels", tmp_path / "qrels", "--record", tmp_path / "record.jsonl"]
    code, out, err = command("eval", dataset, "--json", *reports, *files, "--min", "HIT@5=0.5", *home_of)
    assert code == 0, err
    printed = json.loads(out)
    assert printed == json.loads(document.read_text("utf-8"))
    assert [q["id"] for q in printed["questions"]] == ["e 1", "e2", "e4", "e3"]

    page = html.read_text("utf-8")
    assert "Who &lt;b&gt;sang&lt;/b&gt; &amp; why?" in page
    assert "words &lt;i&gt;that nobody said&lt;/i&gt;" in page
    assert not re.search(r"<b>(sang|won)|<i>that", page)
    assert page.count('<svg class="plot"') == 3
    assert not re.search(r"<(script|link|img)\b|url\(|https?://(?!www\.w3\.org)[^\"]*\.(js|css|woff)", page)
    assert "# questions" in markdown.read_text("utf-8")

    read = ir_measures.calc_aggregate(
        [ir_measures.Success @ 5],
        list(ir_measures.read_trec_qrels(str(tmp_path / "qrels"))),
        list(ir_measures.read_trec_run(str(tmp_path / "run.trec"))),
    )
    hit = next(f["value"] for f in printed["figures"] if f["name"] == "hit@5")
    assert read[ir_measures.Success @ 5] == pytest.approx(hit)

    record = tmp_path / "record.jsonl"
    before = record.read_bytes()
    assert len(before.splitlines()) == 1 + len(QUESTIONS)
    code, out, _ = command("eval", dataset, "--json", "--record", record, *home_of)
    assert code == 0
    assert record.read_bytes() == before, "nothing was asked again"
    assert json.loads(out)["figures"] == printed["figures"]

    code, out, _ = command("eval", "compare", document, document, "--json")
    compared = json.loads(out)
    assert code == 0
    assert compared["same_dataset"] is True
    assert {d["difference"] for d in compared["differences"]} == {0}
    assert {d["verdict"] for d in compared["differences"]} == {"open"}
    code, out, _ = command("eval", "compare", document, document)
    assert code == 0
    assert "hit@1" in out


def test_a_figure_that_falls_short_ends_with_1(command: Command, dataset: Path, home_of: tuple[str, str]):
    code, out, err = command(
        "eval", dataset, "--search-only", "--min", "hit@1=1.01", "--min", "auroc=0.1", "--max", "search_ms=0", *home_of
    )
    assert code == 1
    assert "hit@1" in out
    assert "hit@1 is" in err
    assert "auroc was not measured" in err
    assert "search_ms is" in err


def test_gold_that_is_not_in_the_index_is_said(command: Command, tmp_path: Path, home_of: tuple[str, str]):
    dataset = tmp_path / "lost.jsonl"
    dataset.write_text(json.dumps(QUESTIONS[0] | {"gold": [{"source": "nowhere"}]}), encoding="utf-8")
    code, _, err = command("eval", dataset, "--search-only", *home_of)
    assert code == 0
    assert "nowhere" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--min", "hit@1"), "metric=value"),
        (("--min", "hit@1=high"), "metric=value"),
        (("--min", "hit@1=nan"), "metric=value"),
        (("--max", "charm=1"), "charm"),
        (("--report", "report.docx"), ".html"),
        (("--report", "no/such/folder/report.html"), "no folder"),
        (("--top-k", "51"), "top_k"),
        (("--mode", "magic"), "magic"),
        (("--limit", "0"), "--limit"),
        (("--concurrency", "0"), "--concurrency"),
        (("--target", "not-an-address"), "not-an-address"),
        (("--target", ""), "is not the address of a server"),
        (("--target", "http://127.0.0.1:9", "--header", "X: é"), "X"),
        (("--target", "http://127.0.0.1:9", "--header", "nothing"), "NAME:VALUE"),
    ],
)
def test_wrong_usage_is_said_before_anything_is_asked(
    command: Command, dataset: Path, arguments: tuple[str, ...], said: str
):
    code, out, err = command("eval", dataset, *arguments, "--json", "--home", dataset.parent / "no-home")
    assert code == 2
    assert said in err
    problem: dict[str, Any] = json.loads(out)
    assert said in problem["detail"]


def test_a_malformed_set_is_wrong_usage_and_names_its_line(command: Command, dataset: Path):
    with dataset.open("a", encoding="utf-8") as file:
        file.write("{\n")
    code, _, err = command("eval", dataset)
    assert code == 2
    assert f"{dataset}:5: not JSON" in err


def test_without_a_set_the_usage_is_wrong_and_help_is_help(command: Command):
    assert command("eval")[0] == 2
    code, out, _ = command("eval", "--help")
    assert code == 0
    assert "compare" in out


def test_without_an_index_the_exit_code_is_3(command: Command, dataset: Path, tmp_path: Path):
    code, _, err = command("eval", dataset, "--home", tmp_path / "no-home")
    assert code == 3
    assert err


def test_what_is_no_report_is_not_compared(command: Command, dataset: Path, tmp_path: Path):
    for path in (dataset, tmp_path / "absent.json"):
        code, _, err = command("eval", "compare", path, path)
        assert code == 2
        assert str(path) in err


def test_a_server_is_judged_from_the_command_line(
    run_turnwise: "Callable[..., subprocess.CompletedProcess[str]]", dataset: Path, server_url: str
):
    done = run_turnwise("eval", dataset, "--target", server_url, "--search-only", "--json", "--limit", "2")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["target"] == {"kind": "http", "url": server_url}
    assert report["run"]["limit"] == 2
    assert len(report["questions"]) == 2
