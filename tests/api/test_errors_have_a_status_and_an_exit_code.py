"""Every error that is raised on purpose has its HTTP status, its exit code and its own kind of problem."""

from collections.abc import Iterator

from api.problems import turnwise_problem
from rag.errors import TurnwiseError


def all_errors(base: type[TurnwiseError] = TurnwiseError) -> Iterator[type[TurnwiseError]]:
    for error in base.__subclasses__():
        yield error
        yield from all_errors(error)


def test_every_error_becomes_a_problem_of_its_own_kind() -> None:
    kinds = {}
    for error in all_errors():
        problem = turnwise_problem(error("what, where, how to mend it"))
        assert problem.status == error.http_status
        assert problem.status in (403, 404, 422, 502, 503)
        assert error.exit_code in (1, 2, 3)
        assert problem.title == error.title
        assert problem.detail == "what, where, how to mend it"
        kinds[problem.type] = error
    assert len(kinds) == len(list(all_errors())) >= 7
    assert "urn:turnwise:problem:unknown-speaker" in kinds
