"""GET /v1/speakers: who speaks in the transcripts."""

from fastapi import APIRouter, Depends

from api.routes.parameters import only
from api.routes.responses import problems
from api.schemas.transcripts import SpeakerList
from api.state import State

router = APIRouter(tags=["transcripts"])


@router.get("/v1/speakers", summary="List the speakers", responses=problems(422, 503), dependencies=[Depends(only())])
def speakers(state: State) -> SpeakerList:
    """Return everybody who speaks, with other forms of the name, the roles held and where, and the number of turns."""
    return SpeakerList.of(state.turnwise.library.speakers())
