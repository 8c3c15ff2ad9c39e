"""The way to a Milvus server: by TLS where asked for, without the package only where nobody asks for it."""

import datetime as dt
import ipaddress
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from index.errors import IndexStorageError
from index.milvus.connection import MilvusAddress, MilvusConnection
from tests.index.made_milvus import milvus_engine
from tests.index.made_records import document, record, vector

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Return a certificate of 127.0.0.1 that nobody vouches for, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a server of vectors")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = tmp_path / "certificate.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return file


@pytest.fixture
def tls_port(certificate: Path, milvus_address: str) -> Iterator[int]:
    """Return a port behind which the server is reached by TLS, as behind a load balancer."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.set_alpn_protocols(["h2"])
    behind = ("127.0.0.1", urlsplit(milvus_address).port or 0)
    listening = socket.create_server(("127.0.0.1", 0))

    def pump(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def serve() -> None:
        with suppress(OSError):
            while True:
                plain, _ = listening.accept()
                with suppress(OSError):
                    inner = context.wrap_socket(plain, server_side=True)
                    outer = socket.create_connection(behind)
                    threading.Thread(target=pump, args=(inner, outer), daemon=True).start()
                    threading.Thread(target=pump, args=(outer, inner), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    yield listening.getsockname()[1]
    listening.close()


def test_a_server_is_reached_by_tls_with_certificates_of_ones_own(
    tmp_path: Path, certificate: Path, tls_port: int
) -> None:
    engine = milvus_engine(tmp_path / "home", f"https://127.0.0.1:{tls_port}", ca_file=certificate, token="root:sesame")
    engine.replace(document("d"), [record("a", "words")])
    engine.refresh()
    assert [hit.id for hit in engine.search_vectors(vector("a"), 3)] == ["a"]
    engine.close()


def test_a_server_that_nobody_vouches_for_is_not_talked_to(tls_port: int) -> None:
    connection = MilvusConnection(MilvusAddress(uri=f"https://127.0.0.1:{tls_port}", token="root:sesame"))
    with pytest.raises(IndexStorageError, match=f"Milvus at 127.0.0.1:{tls_port}"):
        connection.version(timeout_s=1)


def test_a_missing_file_of_certificates_is_named(tmp_path: Path) -> None:
    address = MilvusAddress(uri="https://127.0.0.1:9", ca_file=tmp_path / "none.pem")
    with pytest.raises(IndexStorageError, match=r"none\.pem"):
        MilvusConnection(address).version(timeout_s=1)


def test_without_the_package_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    # What an installation without it looks like to whoever imports it.
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(IndexStorageError, match=r"pip install 'turnwise\[milvus\]'"):
        MilvusConnection(MilvusAddress(uri="http://127.0.0.1:19530"))


def test_a_file_of_milvus_lite_serves_without_a_server(tmp_path: Path) -> None:
    pytest.importorskip("milvus_lite", reason="milvus-lite is not installed (extra: dev)")
    engine = milvus_engine(tmp_path / "home", str(tmp_path / "vectors.db"))
    engine.replace(document("d"), [record("a", "words")])
    engine.refresh()
    assert [hit.id for hit in engine.search_vectors(vector("a"), 3)] == ["a"]
    engine.close()


def test_nobody_who_does_not_ask_for_it_pays_for_the_package() -> None:
    looked = "import sys, rag.assembly; print({'pymilvus', 'grpc', 'pandas'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", looked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
