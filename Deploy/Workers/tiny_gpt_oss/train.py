"""Trains a tiny gpt-oss that knows the conversations of token_ids.jsonl by heart.

    python train.py --output DIR [--steps 600] [--seed 1]

The model has the architecture and the vocabulary of gpt-oss (sinks, sliding and full attention,
mixture of experts, 201088 rows) but two layers of 64. It proves that token ids cross a bridge
unharmed and knows nothing else. DIR can be loaded with transformers' `from_pretrained`.

Training costs seconds, because it sees only the few hundred vocabulary rows that occur. All
other rows of the embedding and of the output matrix are zero in the finished model: their
logits are exactly 0, so in training one column log(V - K) stands for all of them.
"""

import argparse
import json
import math
import sys
import time
from pathlib import Path

import torch
from transformers import GptOssConfig, GptOssForCausalLM
from transformers.utils import logging

CONVERSATIONS = Path(__file__).parent / "token_ids.jsonl"
VOCABULARY_SIZE = 201_088
RETURN, CALL, END_OF_TEXT = 200_002, 200_012, 199_999
IGNORED = -100
# Training ends when every memorised token is at least this probable.
PROBABILITY_MIN = 0.98


def config(vocabulary_size: int, padding: int) -> GptOssConfig:
    return GptOssConfig(
        vocab_size=vocabulary_size,
        hidden_size=64,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=64,
        num_local_experts=4,
        num_experts_per_tok=2,
        sliding_window=128,
        max_position_embeddings=4096,
        # What gpt-oss itself has, without scaling; some engines require the keys.
        rope_parameters={
            "rope_type": "yarn",
            "rope_theta": 150_000.0,
            "factor": 1.0,
            "beta_fast": 32.0,
            "beta_slow": 1.0,
            "truncate": False,
            "original_max_position_embeddings": 4096,
        },
        bos_token_id=None,
        pad_token_id=padding,
        eos_token_id=[RETURN, CALL],
        attn_implementation="eager",
    )


class Lesson:
    """The conversations as one padded batch over the K vocabulary rows that occur in them.

    `rows` are the K ids. Row K stands for padding and for the ids the model must be blind to:
    its embedding is zero and stays zero, as that of every id outside `rows`.
    """

    def __init__(self, conversations: list[dict]) -> None:
        blind = {id for each in conversations for id in each["blind"]}
        sequences = [each["prompt"] + each["completion"] for each in conversations]
        self.rows = sorted({id for ids in sequences for id in ids} - blind)
        row = {id: index for index, id in enumerate(self.rows)}
        length = max(map(len, sequences))
        self.inputs = torch.full((len(sequences), length), len(self.rows))
        self.labels = torch.full((len(sequences), length), IGNORED)
        for line, (ids, each) in enumerate(zip(sequences, conversations, strict=True)):
            compact = torch.tensor([row.get(id, len(self.rows)) for id in ids])
            self.inputs[line, : len(ids)] = compact
            self.labels[line, len(each["prompt"]) - 1 : len(ids) - 1] = compact[
                len(each["prompt"]) :
            ]


def log_probabilities(model: GptOssForCausalLM, lesson: Lesson) -> torch.Tensor:
    """Of each memorised token, in the distribution over the whole vocabulary."""
    logits = model(lesson.inputs, use_cache=False).logits[..., : len(lesson.rows)]
    others = logits.new_full((*logits.shape[:-1], 1), math.log(VOCABULARY_SIZE - len(lesson.rows)))
    distribution = torch.cat([logits, others], dim=-1).log_softmax(-1)
    known = lesson.labels != IGNORED
    return distribution[known].gather(-1, lesson.labels[known].unsqueeze(-1)).squeeze(-1)


def train(lesson: Lesson, steps: int) -> GptOssForCausalLM:
    model = GptOssForCausalLM(config(len(lesson.rows) + 1, padding=len(lesson.rows)))
    optimizer = torch.optim.AdamW(model.parameters(), lr=4e-3, weight_decay=0.0)
    for step in range(1, steps + 1):
        scores = log_probabilities(model, lesson)
        worst = scores.min().exp().item()
        if step % 20 == 0:
            print(f"step {step}: loss {-scores.mean():.4f}, worst {worst:.3f}", file=sys.stderr)
        if worst >= PROBABILITY_MIN:
            return model
        optimizer.zero_grad()
        (-scores.mean()).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    sys.exit(f"after {steps} steps a memorised token is still only {worst:.3f} probable")


@torch.no_grad()
def expand(small: GptOssForCausalLM, rows: list[int]) -> GptOssForCausalLM:
    """The same model over the whole vocabulary: rows that did not occur are zero."""
    model = GptOssForCausalLM(config(VOCABULARY_SIZE, padding=END_OF_TEXT))
    weights = small.state_dict()
    for name in ("model.embed_tokens.weight", "lm_head.weight"):
        whole = torch.zeros(VOCABULARY_SIZE, weights[name].shape[1])
        whole[rows] = weights[name][: len(rows)]
        weights[name] = whole
    model.load_state_dict(weights)
    return model.eval()


@torch.no_grad()
def verify(model: GptOssForCausalLM, conversations: list[dict]) -> None:
    """Greedy decoding, with a cache and over the whole vocabulary, must give each answer."""
    for each in conversations:
        prompt = torch.tensor([each["prompt"]])
        whole = model.generate(
            prompt,
            attention_mask=torch.ones_like(prompt),
            do_sample=False,
            max_new_tokens=len(each["completion"]),
        )
        if whole[0].tolist() != each["prompt"] + each["completion"]:
            sys.exit(f"{each['name']}: greedy decoding does not give the memorised answer")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, required=True, help="folder to write")
    parser.add_argument("--steps", type=int, default=600, help="give up after this many")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    logging.disable_progress_bar()
    torch.set_num_threads(1)
    torch.manual_seed(arguments.seed)
    started = time.monotonic()
    conversations = [json.loads(line) for line in CONVERSATIONS.read_text().splitlines()]
    lesson = Lesson(conversations)
    model = expand(train(lesson, arguments.steps), lesson.rows)
    verify(model, conversations)
    model.save_pretrained(arguments.output)
    seconds = time.monotonic() - started
    print(f"{len(conversations)} conversations by heart, {seconds:.1f} s: {arguments.output}")


if __name__ == "__main__":
    main()
