"""A worker that runs a gpt-oss model with Hugging Face transformers.

    python -m hocket_worker.transformers --socket PATH --model DIR [--name NAME]

A reference, and the way to run a model without a GPU: each step runs the network once for every
stream, so that any number of streams share one step but none gets cheaper by company.
"""

import argparse
import logging
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, DynamicCache, PreTrainedModel
from transformers.utils import logging as transformers_logging

from .engine import Model, Request
from .errors import Code, WorkerError
from .hello import VOCABULARY, Identity
from .logprobs import Scored, TokenLogprob
from .v1.connection_pb2 import Capability
from .v1.generation_pb2 import Sampling
from .worker import Worker


# The most likely tokens beside a token; more are refused.
TOP_LOGPROBS_MAX = 20


class Sampler:
    """Chooses tokens by SUBMIT's sampling, where absence means temperature 1 and no filter."""

    def __init__(self, sampling: Sampling) -> None:
        self._temperature = sampling.temperature if sampling.HasField("temperature") else 1.0
        self._top_k = sampling.top_k
        self._top_p = sampling.top_p or 1.0
        self._min_p = sampling.min_p
        self._random = torch.Generator()
        if sampling.HasField("seed"):
            self._random.manual_seed(sampling.seed)
        else:
            self._random.seed()

    def choose(self, logits: torch.Tensor) -> int:
        """The id of the next token."""
        if self._temperature == 0:
            return int(logits.argmax())
        probabilities, tokens = (
            (logits.float() / self._temperature).softmax(-1).sort(descending=True)
        )
        more_likely = probabilities.cumsum(-1) - probabilities
        probabilities[more_likely >= self._top_p] = 0
        probabilities[probabilities < self._min_p * probabilities[0]] = 0
        if self._top_k:
            probabilities[self._top_k :] = 0
        return int(tokens[torch.multinomial(probabilities, 1, generator=self._random)])


@dataclass
class Generation:
    """One request's state: the tokens the network has not read yet, and what it remembers."""

    unread: list[int]
    cache: DynamicCache
    sampler: Sampler
    # How many likely tokens are wanted beside each token; None for no log probabilities.
    top_logprobs: int | None


class TransformersEngine:
    def __init__(self, network: PreTrainedModel, name: str) -> None:
        config = network.config
        if config.vocab_size != VOCABULARY.size:
            sys.exit(f"{name} has {config.vocab_size} tokens, not the {VOCABULARY.size} of gpt-oss")
        self.model = Model(
            name=name,
            context_tokens_max=config.max_position_embeddings,
            engine="transformers",
            capabilities=frozenset(
                {
                    Capability.CAPABILITY_SEED,
                    Capability.CAPABILITY_LOGPROBS,
                    Capability.CAPABILITY_TOP_LOGPROBS,
                }
            ),
        )
        self._network = network.eval()
        self._generations: dict[int, Generation] = {}

    def start(self, request: Request) -> None:
        if (request.top_logprobs or 0) > TOP_LOGPROBS_MAX:
            message = f"top_logprobs is {request.top_logprobs} (max: {TOP_LOGPROBS_MAX})"
            raise WorkerError(Code.CODE_INVALID_ARGUMENT, message, param="top_logprobs")
        self._generations[request.id] = Generation(
            unread=list(request.prompt),
            cache=DynamicCache(config=self._network.config),
            sampler=Sampler(request.sampling),
            top_logprobs=request.top_logprobs,
        )

    def step(self) -> dict[int, list[int] | Scored | WorkerError]:
        return {id: self._advance(generation) for id, generation in self._generations.items()}

    def cancel(self, request_id: int) -> None:
        self._generations.pop(request_id, None)

    @torch.inference_mode()
    def _advance(self, generation: Generation) -> list[int] | Scored | WorkerError:
        try:
            output = self._network(
                torch.tensor([generation.unread], device=self._network.device),
                past_key_values=generation.cache,
                use_cache=True,
                logits_to_keep=1,
            )
        except torch.OutOfMemoryError as error:
            return WorkerError(Code.CODE_RESOURCE_EXHAUSTED, str(error), retryable=True)
        logits = output.logits[0, -1].cpu()
        token = generation.sampler.choose(logits)
        generation.unread = [token]
        if generation.top_logprobs is None:
            return [token]
        return Scored([token], [logprob(logits, token, generation.top_logprobs)])


def logprob(logits: torch.Tensor, token: int, top_count: int) -> TokenLogprob:
    """How likely the network itself holds a token, whatever the sampler made of that."""
    logprobs = logits.float().log_softmax(-1)
    best = logprobs.topk(top_count)
    top = list(zip(best.indices.tolist(), best.values.tolist(), strict=True))
    return TokenLogprob(float(logprobs[token]), top)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--socket", required=True, help="the router's worker socket")
    parser.add_argument("--model", type=Path, required=True, help="folder of a gpt-oss model")
    parser.add_argument("--name", help="the model's name for clients; default: the folder's")
    parser.add_argument("--worker", help="the worker's name for operators; default: a unique one")
    parser.add_argument(
        "--generation", type=int, default=0, help="of the worker: the higher one of a name stays"
    )
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=1, help="of torch, on a CPU")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    transformers_logging.disable_progress_bar()
    torch.set_num_threads(arguments.threads)
    name = arguments.name or arguments.model.resolve().name
    network = AutoModelForCausalLM.from_pretrained(
        arguments.model, dtype="auto", attn_implementation="eager", local_files_only=True
    ).to(arguments.device)
    engine = TransformersEngine(network, name)
    identity = Identity(arguments.worker or f"{name}-{os.getpid()}", arguments.generation)
    return Worker(engine, arguments.socket, identity).run()


if __name__ == "__main__":
    sys.exit(main())
