"""What a chain asks of a cluster, as far as its words tell."""

from __future__ import annotations

import pytest
from mini import MiniBook

from kubebook.chain import needs

CHAIN = "kubebook/chain.py"


def asked(mini: MiniBook, code: str, ending: str) -> tuple[bool, bool]:
    """Whether a snippet with this code wants a new cluster, and whether it wears it out."""
    head = "# /// kubebook\n# expect = { contains = ['x'] }\n# ///\n"
    mini.write(f"snippets/one/asks.{ending}", head + code + "\n")
    library = mini.library
    need = needs(library, library.chain("one/asks"))
    assert need
    return need.new, need.wears


@pytest.mark.fault(CHAIN, r"|\blist_\w*event", r"|_event\b")
@pytest.mark.fault(CHAIN, "_in_one_line(text) for", "text for")
@pytest.mark.parametrize(
    ("code", "ending"),
    [
        ("kubectl get events", "sh"),
        ("kubectl get pods,events -A", "sh"),
        ("kubectl get \\\n  events", "sh"),
        ("kubectl events --for pod/web", "sh"),
        ("kubectl describe pod web", "sh"),
        ("kubectl get --raw /api/v1/events", "sh"),
        ("told = core.list_namespaced_event('default')", "py"),
        ("told = core.list_event_for_all_namespaces()", "py"),
        ("subprocess.run(['kubectl', 'get', 'events'])", "py"),
    ],
)
def test_events_are_shown_of_a_new_cluster(mini: MiniBook, code: str, ending: str) -> None:
    assert asked(mini, code, ending) == (True, False)


@pytest.mark.fault(CHAIN, r"\bkubectl\b.*\bevents?\b|", r"\bevents?\b|")
@pytest.mark.parametrize(
    "code", ["over = threading.Event()", "for event in watch.stream(core.list_pod): print(event)"]
)
def test_events_of_python_are_none(mini: MiniBook, code: str) -> None:
    assert asked(mini, code, "py") == (False, False)


@pytest.mark.fault(CHAIN, "(?! (inspect|port|ps|top|version)\\b)", "")
@pytest.mark.parametrize(
    ("code", "wears"),
    [
        ("docker exec worker rm /etc/hosts", True),
        ("docker update --cpus 1 worker", True),
        ("subprocess.run(['docker', 'exec', 'worker', 'true'])", True),
        ("kubectl debug node/worker", True),
        ("kubectl apply -f - <<< '{hostPath: {path: /}}'", True),
        ("docker inspect worker", False),
        ("docker port worker", False),
    ],
)
def test_what_reaches_into_nodes_wears_them(mini: MiniBook, code: str, wears: bool) -> None:
    assert asked(mini, code, "py" if code.startswith("sub") else "sh") == (False, wears)
