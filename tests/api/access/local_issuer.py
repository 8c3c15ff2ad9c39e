"""A real OpenID Connect issuer on a port of this machine, that signs whatever a test wants to have signed."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

AUDIENCE = "turnwise-client"
CLIENT_SECRET = "made up for a test"


def new_rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class LocalIssuer:
    """Answers discovery, keys and the exchange of codes; counts the looks at its keys."""

    def __init__(self) -> None:
        self.keys: dict[str, Any] = {"first": new_rsa_key()}
        self.looks = 0
        self.is_down = False
        self.codes: dict[str, dict[str, Any]] = {}
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked = urlsplit(self.path)
                if asked.path == "/authorize":
                    query = {name: values[0] for name, values in parse_qs(asked.query).items()}
                    back = urlencode({"code": issuer.authorize(query), "state": query["state"], "iss": issuer.url})
                    self.send_response(302)
                    self.send_header("Location", f"{query['redirect_uri']}?{back}")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                self._answer(*issuer.get(urlsplit(self.path).path))

            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                basic = self.headers.get("Authorization", "")
                self._answer(*issuer.redeem({name: values[0] for name, values in form.items()}, basic))

            def _answer(self, status: int, document: Any) -> None:
                body = json.dumps(document).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def get(self, path: str) -> tuple[int, Any]:
        if self.is_down:
            return 500, {}
        if path == "/.well-known/openid-configuration":
            return 200, {
                "issuer": self.url,
                "jwks_uri": f"{self.url}/keys",
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
            }
        if path == "/keys":
            self.looks += 1
            return 200, {"keys": [self._public(name) for name in self.keys]}
        return 404, {}

    def token(self, *, kid: str | None = "first", key: Any = None, alg: str = "RS256", **changes: Any) -> str:
        """Return a token; a change to None drops that claim."""
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": "u-1",
            "name": "Erin Vale",
            "iat": now,
            "exp": now + 300,
            "groups": ["everybody"],
        }
        claims = {name: value for name, value in (claims | changes).items() if value is not None}
        return jwt.encode(claims, key or self.keys[kid or "first"], algorithm=alg, headers={"kid": kid} if kid else {})

    def public_pem(self, name: str = "first") -> bytes:
        public = self.keys[name].public_key()
        return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)

    def authorize(self, query: dict[str, str], **claims: Any) -> str:
        """Do what the issuer does once somebody has shown who they are there; return the code."""
        code = f"code-{len(self.codes)}"
        self.codes[code] = {"query": query, "claims": claims}
        return code

    def redeem(self, form: dict[str, str], basic: str) -> tuple[int, Any]:
        waiting = self.codes.pop(form.get("code", ""), None)
        if waiting is None or basic != f"Basic {base64.b64encode(f'{AUDIENCE}:{CLIENT_SECRET}'.encode()).decode()}":
            return 400, {"error": "invalid_grant"}
        query = waiting["query"]
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != query["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        if form["redirect_uri"] != query["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        claims = {"nonce": query["nonce"]} | waiting["claims"]
        return 200, {"access_token": "unused", "token_type": "Bearer", "id_token": self.token(**claims)}

    def _public(self, name: str) -> dict[str, Any]:
        key = self.keys[name]
        kind = (
            jwt.algorithms.ECAlgorithm if isinstance(key, ec.EllipticCurvePrivateKey) else jwt.algorithms.RSAAlgorithm
        )
        return {**json.loads(kind.to_jwk(key.public_key())), "kid": name, "use": "sig"}
