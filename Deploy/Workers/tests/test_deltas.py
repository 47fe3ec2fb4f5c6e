import pytest

from hocket_worker import Code, Deltas, WorkerError


def test_gives_what_is_new_of_each_request():
    deltas = Deltas()
    assert list(deltas.take(1, [5])) == [5]
    assert list(deltas.take(2, [7, 8, 9])) == [7, 8, 9]
    assert list(deltas.take(1, [5, 6, 6])) == [6, 6]
    assert list(deltas.take(2, [7, 8, 9, 1])) == [1]


def test_gives_nothing_while_nothing_is_new():
    deltas = Deltas()
    assert list(deltas.take(1, [])) == []
    assert list(deltas.take(1, [5])) == [5]
    assert list(deltas.take(1, [5])) == []
    assert list(deltas.take(1, [5, 6])) == [6]


@pytest.mark.parametrize("output", [[5], [], [5, 7], [5, 7, 8]], ids=str)
def test_an_engine_that_takes_tokens_back_ends_the_request(output):
    deltas = Deltas()
    deltas.take(1, [5, 6])
    error = deltas.take(1, output)
    assert isinstance(error, WorkerError)
    assert error.status.code == Code.CODE_DATA_LOSS
    assert error.status.retryable


def test_an_id_that_was_forgotten_begins_anew():
    deltas = Deltas()
    deltas.take(1, [5, 6])
    deltas.forget(1)
    deltas.forget(1)
    assert list(deltas.take(1, [5])) == [5]
