"""What waits for the engine, however much is opened and cancelled."""

import threading

from hocket_worker.engine import Request
from hocket_worker.mailbox import Cancel, Mailbox, Stop


def request(id: int) -> Request:
    return Request(id, [1], 1, frozenset(), None)


def test_commands_are_taken_once_and_cancels_before_starts():
    mailbox = Mailbox()
    for command in (request(1), Cancel(7), request(2)):
        mailbox.put(command)
    assert mailbox.take(wait=True) == [Cancel(7), request(1), request(2)]
    assert mailbox.take(wait=False) == []


def test_what_came_and_went_while_the_engine_was_busy_leaves_nothing_behind():
    mailbox = Mailbox()
    mailbox.put(request(1))
    assert mailbox.take(wait=True) == [request(1)]
    for id in range(2, 10_000):
        mailbox.put(request(id))
        mailbox.put(Cancel(id))
    mailbox.put(Cancel(1))
    assert mailbox.take(wait=True) == [Cancel(1)]


def test_an_idle_engine_waits():
    mailbox = Mailbox()
    taken = []
    engine = threading.Thread(target=lambda: taken.extend(mailbox.take(wait=True)))
    engine.start()
    mailbox.put(Stop(3))
    engine.join(timeout=30)
    assert taken == [Stop(3)]
