"""A connection as a transcript: what the router sends, what the engine does, what comes back."""

import json

import pytest
from fake_router import Transcript, cancel, credit, hello, hello_ack, ping, submit

from hocket_worker import Code, Identity, Load, Model, Request, Scored, TokenLogprob, WorkerError
from hocket_worker.frames import Type, encode
from hocket_worker.mailbox import Cancel
from hocket_worker.session import Session
from hocket_worker.v1 import connection_pb2 as v1
from hocket_worker.v1 import administration_pb2, generation_pb2, status_pb2
from hocket_worker.v1.generation_pb2 import FinishReason, Sampling

RETURN = 200_002
SUBMIT = generation_pb2.Submit(request_id=bytes(16), credit_tokens=1)
MODEL = Model(name="scripted", context_tokens_max=100, engine="tests", streams_max=2)


class Conversation:
    """A session with its engine's commands, its clock and the transcript of what it sent."""

    def __init__(self, attach: bool = True) -> None:
        self.commands: list[Request | Cancel] = []
        self.now_ns = 1_000_000_000
        self.transcript = Transcript()
        self.session = Session(
            MODEL, Identity("worker", 3), self.commands.append, lambda: self.now_ns
        )
        if attach:
            self.send(hello(), hello_ack())

    def send(self, *frames: bytes) -> None:
        for frame in frames:
            self.session.receive(frame)
        self.collect()

    def emit(self, results: dict) -> None:
        self.session.emit(results)
        self.collect()

    def collect(self) -> None:
        self.transcript.feed(bytes(self.session.outgoing))
        self.session.outgoing.clear()

    def start(self, stream: int = 1, **changes) -> Request:
        self.send(submit(stream, [1, 2, 3], **changes))
        request = self.commands[-1]
        assert isinstance(request, Request)
        return request

    def only(self, type: Type):
        (frame,) = self.transcript.of(type)
        return frame

    @property
    def finish(self) -> generation_pb2.Finish:
        return self.only(Type.FINISH).message


@pytest.fixture
def conversation() -> Conversation:
    return Conversation()


def test_introduces_itself_and_reports_once_attached(conversation):
    types = [frame.type for frame in conversation.transcript.frames]
    assert types == [Type.HELLO, Type.STATUS]
    hello = conversation.only(Type.HELLO).message
    assert (hello.role, hello.name, hello.generation) == (v1.ROLE_WORKER, "worker", 3)
    assert [model.id for model in hello.models] == ["scripted"]
    assert hello.vocabulary.size == 201_088
    assert hello.limits.streams_max == 2
    assert conversation.only(Type.STATUS).message.health == v1.HEALTH_SERVING


def test_accepts_a_request_and_streams_it_to_the_stop_token(conversation):
    request = conversation.start(sampling=Sampling(temperature=0))
    assert (list(request.prompt), request.output_tokens_max) == ([1, 2, 3], 97)
    assert request.sampling.HasField("temperature")
    conversation.emit({request.id: [11]})
    conversation.emit({request.id: [12, RETURN, 99]})
    assert conversation.transcript.tokens == {1: [11, 12, RETURN]}
    finish = conversation.finish
    assert (finish.reason, finish.matched_stop_id) == (FinishReason.FINISH_REASON_STOP, RETURN)
    assert (finish.emitted_tokens, finish.usage.prompt_tokens) == (3, 3)
    assert conversation.commands[-1] == Cancel(request.id)


def test_one_step_of_many_streams_is_one_frame():
    conversation = Conversation()
    second = conversation.start(7)
    first, second = second, conversation.start(9)
    conversation.emit({second.id: [21, 22], first.id: [11]})
    step = conversation.only(Type.STEP).message
    assert list(step.stream_deltas) == [7, 2]
    assert list(step.counts) == [1, 2]
    assert list(step.token_ids) == [11, 21, 22]


def test_counts_are_absent_where_every_stream_has_one_token(conversation):
    first, second = conversation.start(1), conversation.start(3)
    conversation.emit({first.id: [11], second.id: [21]})
    assert list(conversation.only(Type.STEP).message.counts) == []


@pytest.fixture
def scoring(monkeypatch) -> Conversation:
    """With an engine that knows how likely its tokens are."""
    offered = frozenset({v1.CAPABILITY_LOGPROBS, v1.CAPABILITY_TOP_LOGPROBS})
    model = Model(name="scripted", context_tokens_max=100, engine="tests", capabilities=offered)
    monkeypatch.setitem(globals(), "MODEL", model)
    return Conversation()


def scored(*tokens: int, top_count: int = 0) -> Scored:
    top = [(rank, -1.0 - rank) for rank in range(top_count)]
    return Scored(list(tokens), [TokenLogprob(-token / 4, top) for token in tokens])


def test_log_probabilities_go_beside_the_tokens_of_who_asked_alone(scoring):
    plain = scoring.start(1)
    chosen = scoring.start(3, sampling=Sampling(logprobs=True))
    top = scoring.start(5, sampling=Sampling(logprobs=True, top_logprobs=2))
    scoring.emit({id: scored(11, 12, top_count=3) for id in (plain.id, chosen.id, top.id)})
    steps = [frame.message for frame in scoring.transcript.of(Type.STEP)]
    assert [list(step.stream_deltas) for step in steps] == [[1], [3], [5]]
    assert [list(step.logprobs) for step in steps] == [[], [-2.75, -3.0], [-2.75, -3.0]]
    assert [step.top_k for step in steps] == [0, 0, 2]
    assert list(steps[2].top_ids) == [0, 1, 0, 1]
    assert list(steps[2].top_logprobs) == [-1.0, -2.0, -1.0, -2.0]
    assert len({step.step for step in steps}) == 1


def test_parked_tokens_keep_their_log_probabilities(scoring):
    request = scoring.start(1, sampling=Sampling(logprobs=True), credit_tokens=1)
    scoring.emit({request.id: scored(4, 8, RETURN)})
    scoring.send(credit(1, 2))
    steps = [frame.message for frame in scoring.transcript.of(Type.STEP)]
    assert [list(step.logprobs) for step in steps] == [[-1.0], [-2.0, -RETURN / 4]]
    assert scoring.finish.emitted_tokens == 3


def test_frames_with_many_likely_tokens_keep_to_the_limit(scoring):
    request = scoring.start(
        1, sampling=Sampling(logprobs=True, top_logprobs=2000, output_tokens_max=90)
    )
    scoring.emit({request.id: scored(*range(90), top_count=2000)})
    frames = scoring.transcript.of(Type.STEP)
    assert len(frames) > 1
    assert max(frame.message.ByteSize() for frame in frames) <= 1 << 20
    assert scoring.finish.emitted_tokens == 90


@pytest.mark.parametrize("result", [[11], scored(11, top_count=1), Scored([11, 12], [])])
def test_tokens_without_what_was_promised_end_their_stream(scoring, result):
    request = scoring.start(1, sampling=Sampling(logprobs=True, top_logprobs=2))
    scoring.emit({request.id: result})
    error = scoring.only(Type.STREAM_ERROR)
    assert error.message.code == Code.CODE_FAILED_PRECONDITION
    assert scoring.commands[-1] == Cancel(request.id)


def test_ends_at_the_limit_of_output(conversation):
    request = conversation.start(sampling=Sampling(output_tokens_max=2))
    conversation.emit({request.id: [11, 12, 13]})
    assert conversation.transcript.tokens == {1: [11, 12]}
    assert conversation.finish.reason == FinishReason.FINISH_REASON_LENGTH


def test_ends_at_the_stop_tokens_of_the_request(conversation):
    request = conversation.start(sampling=Sampling(stop_token_ids=[50]))
    conversation.emit({request.id: [RETURN, 50]})
    assert conversation.transcript.tokens == {1: [RETURN, 50]}
    assert conversation.finish.matched_stop_id == 50


def test_parks_what_credit_does_not_allow(conversation):
    request = conversation.start(credit_tokens=2)
    conversation.emit({request.id: [11, 12, 13, 14, RETURN]})
    assert conversation.transcript.tokens == {1: [11, 12]}
    assert conversation.commands[-1] == Cancel(request.id), "the engine need not wait"
    conversation.send(credit(1, 2))
    assert conversation.transcript.tokens == {1: [11, 12, 13, 14]}
    assert not conversation.transcript.of(Type.FINISH)
    conversation.send(credit(1, 9))
    assert conversation.transcript.tokens == {1: [11, 12, 13, 14, RETURN]}
    assert conversation.finish.emitted_tokens == 5


def test_one_stream_without_credit_does_not_hold_up_another(conversation):
    stuck, free = conversation.start(1, credit_tokens=0), conversation.start(3)
    conversation.emit({stuck.id: [11], free.id: [21]})
    assert conversation.transcript.tokens == {3: [21]}


def test_cancel_is_answered_at_once_and_late_tokens_are_dropped(conversation):
    request = conversation.start(credit_tokens=1)
    conversation.emit({request.id: [11, 12]})
    conversation.send(cancel(1), cancel(1))
    assert conversation.finish.reason == FinishReason.FINISH_REASON_CANCELLED
    assert conversation.finish.emitted_tokens == 1
    assert conversation.commands[-1] == Cancel(request.id)
    conversation.emit({request.id: [13]})
    conversation.send(credit(1, 10))
    assert conversation.transcript.tokens == {1: [11]}


def test_a_request_ends_at_its_deadline(conversation):
    conversation.start(deadline_ns=500)
    conversation.now_ns += 499
    conversation.session.tick()
    conversation.collect()
    assert not conversation.transcript.of(Type.FINISH)
    conversation.now_ns += 1
    conversation.session.tick()
    conversation.collect()
    assert conversation.finish.reason == FinishReason.FINISH_REASON_DEADLINE


def test_a_cancelled_request_is_told_what_it_used(conversation):
    request = conversation.start(credit_tokens=1)
    conversation.emit({request.id: [11, 12]})
    conversation.send(cancel(1))
    usage = conversation.finish.usage
    assert (conversation.finish.emitted_tokens, usage.prompt_tokens) == (1, 3)
    assert usage.output_tokens == 2


def test_asks_a_silent_router_and_leaves_one_that_hangs(conversation):
    conversation.now_ns += 5_000_000_000
    conversation.session.tick()
    conversation.collect()
    assert conversation.only(Type.PING).message.nonce == 1
    conversation.now_ns += 14_900_000_000
    conversation.session.tick()
    assert not conversation.session.over
    conversation.now_ns += 100_000_000
    conversation.session.tick()
    conversation.collect()
    error = conversation.only(Type.CONN_ERROR).message
    assert (error.code, error.retryable) == (Code.CODE_DEADLINE_EXCEEDED, True)
    assert "20.0 s" in error.message
    assert conversation.session.over
    assert not conversation.session.refused


def test_a_router_that_says_anything_is_not_asked(conversation):
    for nonce in range(20):
        conversation.now_ns += 4_000_000_000
        conversation.send(ping(nonce))
        conversation.session.tick()
        conversation.collect()
    assert not conversation.transcript.of(Type.PING)


def test_an_answer_is_taken_once(conversation):
    conversation.now_ns += 5_000_000_000
    conversation.session.tick()
    pong = encode(Type.PONG, v1.Ping(nonce=1))
    conversation.send(pong)
    assert not conversation.session.over
    conversation.send(pong)
    assert conversation.session.over


def test_a_flood_of_control_frames_ends_the_connection(conversation):
    conversation.send(b"".join(ping(1) for _ in range(50_000)))
    assert not conversation.session.over
    conversation.send(ping(1))
    error = conversation.only(Type.CONN_ERROR).message
    assert error.code == Code.CODE_RESOURCE_EXHAUSTED
    assert conversation.session.over


def query(stream: int, method: str) -> bytes:
    return encode(Type.QUERY, administration_pb2.Query(method=method), stream)


def test_describes_itself(conversation):
    frame = query(1, "describe")
    conversation.send(frame)
    reply = conversation.only(Type.REPLY)
    described = json.loads(reply.message.result)
    assert (reply.stream, reply.message.status.code) == (1, Code.CODE_OK)
    assert (described["name"], described["generation"]) == ("worker", 3)
    assert described["models"] == [{"id": "scripted", "context_tokens_max": 100}]
    grant = conversation.only(Type.CREDIT)
    assert (grant.stream, grant.message.amount) == (0, len(frame))


def test_knows_no_other_query(conversation):
    conversation.send(query(1, "explode"))
    status = conversation.only(Type.REPLY).message.status
    assert status.code == Code.CODE_UNIMPLEMENTED
    assert "explode" in status.message


def test_reports_what_the_engine_says_and_a_change_of_health_at_once(conversation):
    request = conversation.start()
    conversation.session.report(Load(waiting_streams=1, waiting_tokens=3, cache_used=0.5))
    conversation.session.report(Load(serving=False, message="the device is being reset"))
    conversation.collect()
    report = conversation.transcript.of(Type.STATUS)[-1].message
    assert (report.health, report.message) == (
        v1.HEALTH_NOT_SERVING,
        "the device is being reset",
    )
    conversation.session.report(Load(waiting_streams=1, waiting_tokens=3, cache_used=0.5))
    conversation.emit({request.id: [11, 12]})
    conversation.now_ns += 1_000_000_000
    conversation.session.tick()
    conversation.collect()
    report = conversation.transcript.of(Type.STATUS)[-1].message
    assert (report.health, report.waiting_streams) == (v1.HEALTH_SERVING, 1)
    assert (report.waiting_tokens, report.cache_used) == (3, 0.5)
    assert report.tokens_per_second == 2


def test_answers_ping(conversation):
    conversation.send(ping(42))
    assert conversation.only(Type.PONG).message.nonce == 42


def test_reports_every_second_how_long_the_engine_has_been_silent(conversation):
    request = conversation.start()
    conversation.emit({request.id: [11]})
    conversation.now_ns += 1_500_000_000
    conversation.session.tick()
    conversation.session.tick()
    conversation.collect()
    attached, report = conversation.transcript.of(Type.STATUS)
    assert attached.message.last_step_age_ns == 0
    assert report.message.last_step_age_ns == 1_500_000_000
    assert report.message.running_streams == 1


def test_returns_the_window_that_a_submit_used_when_the_engine_takes_it(conversation):
    frame = submit(1, [1, 2, 3])
    conversation.send(frame)
    assert not conversation.transcript.of(Type.CREDIT)
    conversation.session.taken([conversation.commands[-1].id])
    conversation.collect()
    grant = conversation.only(Type.CREDIT)
    assert (grant.stream, grant.message.amount) == (0, len(frame))


@pytest.mark.parametrize(
    "end", [cancel(1), encode(Type.STREAM_ERROR, status_pb2.Status(), 1)], ids=["cancel", "error"]
)
def test_returns_the_window_once_of_a_submit_that_the_engine_need_not_take(conversation, end):
    frame = submit(1, [1, 2, 3])
    conversation.send(frame, end)
    request = conversation.commands[0]
    conversation.session.taken([request.id])
    conversation.collect()
    assert conversation.only(Type.CREDIT).message.amount == len(frame)


def test_returns_the_window_of_a_submit_that_is_refused(conversation):
    frame = submit(1, [])
    conversation.send(frame)
    assert conversation.only(Type.CREDIT).message.amount == len(frame)


@pytest.mark.parametrize(
    ("prompt", "changes", "code", "param"),
    [
        ([], {}, Code.CODE_INVALID_ARGUMENT, "input"),
        ([201_088], {}, Code.CODE_INVALID_ARGUMENT, "input"),
        ([1] * 100, {}, Code.CODE_INVALID_ARGUMENT, "input"),
        ([1], {"model": "another"}, Code.CODE_NOT_FOUND, "model"),
        ([1], {"sampling": Sampling(logprobs=True)}, Code.CODE_UNIMPLEMENTED, "top_logprobs"),
        *(
            ([1], changes, Code.CODE_UNIMPLEMENTED, param)
            for changes, param in [
                ({"sampling": Sampling(top_logprobs=2)}, "top_logprobs"),
                ({"sampling": Sampling(presence_penalty=1)}, "presence_penalty"),
                ({"sampling": Sampling(frequency_penalty=1)}, "frequency_penalty"),
                ({"sampling": Sampling(repetition_penalty=2)}, "repetition_penalty"),
                ({"sampling": Sampling(logit_bias_ids=[1])}, "logit_bias"),
                ({"priority": -1}, "service_tier"),
                ({"cache_salt": b"s"}, "prompt_cache_key"),
                ({"constraint": generation_pb2.Constraint(regex=b"a*")}, "text.format"),
                # Of a kind that only a later version knows: field 15.
                ({"constraint": generation_pb2.Constraint.FromString(b"\x7a\x01a")}, "text.format"),
            ]
        ),
    ],
)
def test_refuses_what_it_cannot_serve(conversation, prompt, changes, code, param):
    conversation.send(submit(1, prompt, **changes))
    refusal = conversation.only(Type.STREAM_ERROR)
    assert (refusal.stream, refusal.message.code, refusal.message.param) == (1, code, param)
    assert not refusal.message.retryable
    assert conversation.commands == []


def test_refuses_to_constrain_the_final_channel_where_only_the_first_token_can_be(monkeypatch):
    monkeypatch.setitem(
        globals(),
        "MODEL",
        Model(
            name="scripted",
            context_tokens_max=100,
            engine="tests",
            capabilities=frozenset({v1.CAPABILITY_CONSTRAINT_REGEX}),
        ),
    )
    conversation = Conversation()
    first = generation_pb2.ConstraintStart.CONSTRAINT_START_FIRST_TOKEN
    conversation.start(1, constraint=generation_pb2.Constraint(regex=b"a", start=first))
    conversation.send(submit(3, [1], constraint=generation_pb2.Constraint(regex=b"a")))
    refusal = conversation.only(Type.STREAM_ERROR)
    assert (refusal.stream, refusal.message.param) == (3, "text.format")


def test_refuses_what_it_offered_and_the_router_did_not_agree_to():
    conversation = Conversation(attach=False)
    conversation.send(hello(), hello_ack(capabilities=[]))
    conversation.send(submit(1, [1], sampling=Sampling(seed=1)))
    assert conversation.only(Type.STREAM_ERROR).message.param == "seed"


def test_tells_the_engine_what_the_request_is_called(conversation):
    names = {"request_id": bytes(range(16)), "traceparent": "00-1-2-01", "tracestate": "a=b"}
    request = conversation.start(**names)
    assert {name: getattr(request, name) for name in names} == names


def test_refuses_a_stream_over_its_limit_and_says_to_try_again(conversation):
    conversation.start(1)
    conversation.start(3)
    conversation.send(submit(5, [1]))
    refusal = conversation.only(Type.STREAM_ERROR)
    assert (refusal.stream, refusal.message.code) == (5, Code.CODE_RESOURCE_EXHAUSTED)
    assert refusal.message.retryable


def test_a_stream_that_the_router_gives_up_is_forgotten_without_a_word(conversation):
    request = conversation.start()
    sent = len(conversation.transcript.frames)
    conversation.send(encode(Type.STREAM_ERROR, status_pb2.Status(), 1))
    conversation.emit({request.id: [11]})
    assert conversation.commands[-1] == Cancel(request.id)
    # Of the connection, not of the stream: the byte window.
    assert [frame.type for frame in conversation.transcript.frames[sent:]] == [Type.CREDIT]


def test_frames_that_cross_the_end_of_a_stream_are_dropped(conversation):
    request = conversation.start()
    conversation.emit({request.id: [RETURN]})
    late = [cancel(1), credit(1, 5), encode(Type.STREAM_ERROR, status_pb2.Status(), 1)]
    conversation.send(*late)
    assert conversation.finish.reason == FinishReason.FINISH_REASON_STOP
    assert not conversation.session.over


def test_a_step_respects_the_limits_of_the_router():
    conversation = Conversation(attach=False)
    conversation.send(hello(limits=v1.Limits(frame_bytes_max=200)), hello_ack())
    first, second = conversation.start(1), conversation.start(3)
    conversation.emit({first.id: [200_000] * 30, second.id: [200_001] * 30})
    assert conversation.transcript.tokens == {1: [200_000] * 30, 3: [200_001] * 30}
    steps = conversation.transcript.of(Type.STEP)
    assert len(steps) == 2
    assert all(step.size <= 16 + 200 for step in steps)
    assert {step.message.step for step in steps} == {1}


def test_a_worker_that_is_not_in_yet_leaves_without_a_word():
    conversation = Conversation(attach=False)
    conversation.send(hello())
    conversation.session.drain()
    conversation.collect()
    assert conversation.session.over
    assert [frame.type for frame in conversation.transcript.frames] == [Type.HELLO]


def test_an_engine_can_give_up_one_stream(conversation):
    broken, well = conversation.start(1), conversation.start(3)
    error = WorkerError(Code.CODE_RESOURCE_EXHAUSTED, "out of memory", retryable=True)
    conversation.emit({broken.id: error, well.id: [21]})
    failure = conversation.only(Type.STREAM_ERROR)
    assert (failure.stream, failure.message.message) == (1, "out of memory")
    assert conversation.transcript.tokens == {3: [21]}


def test_a_lost_connection_cancels_what_the_engine_still_does(conversation):
    first, second = conversation.start(1), conversation.start(3)
    conversation.session.lost()
    assert conversation.commands[-2:] == [Cancel(first.id), Cancel(second.id)]


def test_request_ids_are_never_reused_on_a_new_connection():
    assert Conversation().start().id != Conversation().start().id


def test_drains(conversation):
    request = conversation.start(1)
    conversation.session.drain()
    conversation.send(submit(3, [1]))
    goodbye = conversation.only(Type.GOAWAY).message
    assert goodbye.last_stream_id == 1
    refusal = conversation.only(Type.STREAM_ERROR)
    assert (refusal.stream, refusal.message.code) == (3, Code.CODE_UNAVAILABLE)
    assert conversation.transcript.of(Type.STATUS)[-1].message.health == v1.HEALTH_DRAINING
    assert not conversation.session.over
    conversation.emit({request.id: [RETURN]})
    assert conversation.session.over


@pytest.mark.parametrize("reason", v1.GoAwayReason.values())
def test_ends_for_good_when_it_is_replaced_and_for_no_other_reason(conversation, reason):
    conversation.send(encode(Type.GOAWAY, v1.GoAway(reason=reason)))
    assert conversation.session.over
    assert not conversation.session.refused
    assert conversation.session.replaced is (reason == v1.GO_AWAY_REASON_REPLACED)


def test_gives_its_streams_up_when_the_time_for_draining_is_over(conversation):
    request = conversation.start()
    conversation.session.drain(seconds=2)
    conversation.collect()
    assert conversation.only(Type.GOAWAY).message.grace_ms == 2000
    conversation.now_ns += 1_999_000_000
    conversation.session.tick()
    assert not conversation.session.over
    conversation.now_ns += 1_000_000
    conversation.session.tick()
    conversation.collect()
    status = conversation.only(Type.STREAM_ERROR).message
    assert (status.code, status.retryable) == (Code.CODE_UNAVAILABLE, True)
    assert conversation.commands[-1] == Cancel(request.id)
    assert conversation.session.over


def test_keeps_to_the_time_that_the_router_gives(conversation):
    conversation.start()
    conversation.send(encode(Type.GOAWAY, v1.GoAway(grace_ms=100)))
    conversation.now_ns += 100_000_000
    conversation.session.tick()
    conversation.collect()
    assert conversation.only(Type.STREAM_ERROR).message.code == Code.CODE_UNAVAILABLE
    assert conversation.session.over


@pytest.mark.parametrize(
    "frames",
    [
        [hello_ack()],
        [hello(), submit(1, [1])],
        [hello(), hello_ack(), hello_ack()],
        [hello(), hello_ack(), submit(2, [1])],
        [hello(), hello_ack(), submit(3, [1]), submit(3, [1])],
        [hello(), hello_ack(minor=7)],
        [hello(role=v1.ROLE_WORKER)],
        [hello(), hello_ack(), encode(Type.STEP, generation_pb2.Step())],
        [hello(), hello_ack(), cancel(1)],
        [hello(), hello_ack(), submit(3, [1]), credit(2, 5)],
        [hello(), ping(1)],
        [hello(), hello_ack(), encode(Type.PONG, v1.Ping(nonce=1))],
        [hello(), hello_ack(), query(2, "describe")],
        [hello(), hello_ack(), submit((1 << 31) + 1, [1])],
        [hello(), hello_ack(), submit(1, [1], request_id=b"short")],
        [hello(), hello_ack(), submit(1, [1], request_id=b"")],
        [hello(), hello_ack(), encode(Type.PING, v1.Ping(nonce=1), 1)],
        [hello(), hello_ack(), encode(Type.GOAWAY, v1.GoAway(), 1)],
        [hello(), hello_ack(), encode(Type.CONN_ERROR, status_pb2.Status(), 1)],
        [hello(), encode(Type.HELLO_ACK, v1.HelloAck(), 1)],
        [hello(), hello_ack(), encode(Type.SUBMIT, SUBMIT, 1, b"abc")],
    ],
    ids=[
        "no hello",
        "no ack",
        "ack twice",
        "even",
        "reused",
        "minor",
        "role",
        "step",
        "cancel of no stream",
        "credit of no stream",
        "ping too early",
        "pong to no ping",
        "even query",
        "id above the limit",
        "short request id",
        "no request id",
        "ping on a stream",
        "goaway on a stream",
        "conn_error on a stream",
        "ack on a stream",
        "half a token",
    ],
)
def test_a_router_that_breaks_the_rules_is_told_so_and_left(frames):
    if frames[0] == hello_ack():
        frames = [hello()[:8] + frames[0]]
    conversation = Conversation(attach=False)
    conversation.send(*frames)
    error = conversation.only(Type.CONN_ERROR).message
    assert error.code == Code.CODE_INVALID_ARGUMENT
    assert conversation.session.over
    assert not conversation.session.refused


def test_a_prompt_over_the_limit_ends_the_connection(monkeypatch):
    monkeypatch.setattr("hocket_worker.admission.PROMPT_TOKENS_MAX", 3)
    conversation = Conversation()
    conversation.start(1)
    conversation.send(submit(3, [1, 2, 3, 4]))
    assert conversation.only(Type.CONN_ERROR).message.code == Code.CODE_RESOURCE_EXHAUSTED


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (b"HOCK\x02", Code.CODE_UNIMPLEMENTED),
        (
            hello(vocabulary=v1.Vocabulary(name="another", size=5)),
            Code.CODE_FAILED_PRECONDITION,
        ),
    ],
    ids=["major", "vocabulary"],
)
def test_a_router_that_will_never_do_is_not_dialled_again(said, code):
    conversation = Conversation(attach=False)
    conversation.send(said)
    assert conversation.only(Type.CONN_ERROR).message.code == code
    assert conversation.session.over
    assert conversation.session.refused


@pytest.mark.parametrize("retryable", [True, False])
def test_a_refusal_is_final_unless_it_may_be_retried(retryable):
    conversation = Conversation(attach=False)
    status = status_pb2.Status(code=Code.CODE_UNAVAILABLE, message="no", retryable=retryable)
    conversation.send(hello(), encode(Type.CONN_ERROR, status))
    assert conversation.session.over
    assert conversation.session.refused is not retryable
