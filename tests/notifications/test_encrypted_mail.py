"""Letters over encrypted connections with real certificates: nothing secret is ever said openly or to a stranger."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
import trustme

from notifications.channels import TransportError, email
from tests.notifications.post_office import PostOffice, opened

SIGNED_IN = "AUTH"


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """The authority this machine trusts, as SSL_CERT_FILE names one."""
    trusted = trustme.CA()
    file = tmp_path / "authority.pem"
    trusted.cert_pem.write_to_path(file)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return trusted


def certificate(of: trustme.CA, name: str = "localhost") -> ssl.SSLContext:
    """What a server of this name shows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    of.issue_cert(name).configure_cert(context)
    return context


@pytest.fixture
def office(authority: trustme.CA, request: pytest.FixtureRequest) -> Iterator[PostOffice]:
    """A mail server that encrypts; a test may ask for one that does so from the first byte."""
    is_implicit = getattr(request, "param", False)
    offers = ("8BITMIME", "AUTH PLAIN")
    with opened(PostOffice(certificate=certificate(authority), is_implicit=is_implicit, offers=offers)) as running:
        yield running


def send(office: PostOffice, address: str) -> None:
    """Send a letter to the server at an address with its port filled in."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "city@example.org", "hanh@example.org", "Phản ánh của bạn"
    mail.set_content("Chúng tôi đã nhận được phản ánh của bạn.")
    email.channel(address.format(port=office.port))(mail)


def test_a_letter_goes_encrypted_when_the_server_offers_it(office: PostOffice) -> None:
    send(office, "smtp://city:secret@localhost:{port}")

    assert [one.mail["Subject"] for one in office.letters] == ["Phản ánh của bạn"]
    assert office.signed_in == ["city:secret"]
    assert [line.split()[0].upper() for line in office.said_openly] == ["EHLO", "STARTTLS"]


@pytest.mark.parametrize("office", [True], indirect=True, ids=["from the first byte"])
def test_a_letter_goes_by_smtps(office: PostOffice) -> None:
    send(office, "smtps://city:secret@localhost:{port}")

    assert len(office.letters) == 1
    assert office.signed_in == ["city:secret"]


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
@pytest.mark.parametrize("wrong", ["another name", "an authority nobody knows"])
def test_a_stranger_gets_neither_password_nor_letter(authority: trustme.CA, scheme: str, wrong: str) -> None:
    shown = certificate(authority, "example.org") if wrong == "another name" else certificate(trustme.CA())
    office = PostOffice(certificate=shown, is_implicit=scheme == "smtps", offers=("AUTH PLAIN",))

    with opened(office), pytest.raises(TransportError, match="certificate verify failed") as told:
        send(office, f"{scheme}://city:secret@localhost:{{port}}")

    assert not told.value.is_permanent  # the letter waits until somebody mends the certificate
    assert office.letters == []
    assert office.signed_in == []
    assert not any(line.upper().startswith(SIGNED_IN) for line in office.said_openly)


@pytest.mark.parametrize("address", ["smtp://city:secret@localhost:{port}", "smtp://localhost:{port}?tls=required"])
def test_a_server_that_hides_its_encryption_gets_nothing(authority: trustme.CA, address: str) -> None:
    with opened(PostOffice(offers=("AUTH PLAIN",))) as office, pytest.raises(TransportError, match="no encryption"):
        send(office, address)

    assert office.letters == []
    assert not any(line.upper().startswith(SIGNED_IN) for line in office.said_openly)


def test_a_server_that_breaks_off_encrypting_gets_nothing(office: PostOffice) -> None:
    office.answers["STARTTLS"] = "454 not now"

    with pytest.raises(TransportError):
        send(office, "smtp://city:secret@localhost:{port}")

    assert office.letters == []
    assert office.signed_in == []
