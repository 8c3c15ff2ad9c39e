"""One server for all tests on who may ask, since making it takes the model. It reads: what it reads may not leak."""

from collections.abc import Iterator

import pytest

from tests.api.access.local_issuer import AUDIENCE, CLIENT_SECRET, LocalIssuer
from tests.api.access.site import ALLOWED_ORIGIN, HIDDEN_TALKS, OPEN_TALKS, PROXY, PUBLIC_URL, Site, opened_site


@pytest.fixture(scope="session")
def issuer() -> Iterator[LocalIssuer]:
    running = LocalIssuer()
    yield running
    running.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, issuer: LocalIssuer) -> Iterator[Site]:
    with opened_site(
        tmp_path_factory.mktemp("access") / "home",
        OPEN_TALKS + HIDDEN_TALKS,
        oidc_issuer=issuer.url,
        oidc_client_id=AUDIENCE,
        oidc_client_secret=CLIENT_SECRET,
        public_url=PUBLIC_URL,
        allowed_origins=ALLOWED_ORIGIN,
        proxy_addresses=PROXY,
        proxy_user_header="X-Forwarded-User",
        reader="auto",
    ) as made:
        yield made


@pytest.fixture(scope="session")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return a server that never had what is hidden."""
    with opened_site(tmp_path_factory.mktemp("twin") / "home", OPEN_TALKS, authentication="on", reader="auto") as made:
        yield made
