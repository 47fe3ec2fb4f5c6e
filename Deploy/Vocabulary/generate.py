#!/usr/bin/env python3
"""Generates the read-only tables of Sources/CHarmonyVocabulary.

    generate.py o200k_base.tiktoken    writes every table
    generate.py --check                proves that the committed tables are right

Only the token bytes are input; every other table is derived from them and from
UnicodeClasses-16.0.txt. The check therefore needs no download: it expands the committed token
bytes to the text of o200k_base.tiktoken, compares the checksum of that text, derives all tables
again and compares them byte for byte. Python's standard library is all it needs.
"""

import argparse
import base64
import hashlib
import struct
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TABLES = HERE.parent.parent / "Sources" / "CHarmonyVocabulary" / "Tables"
CLASSES_FILE = HERE / "UnicodeClasses-16.0.txt"

VOCABULARY_SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"
ORDINARY_COUNT = 199_998
TOKEN_COUNT = 201_089
NAMED_SPECIALS = {
    199_998: "startoftext",
    199_999: "endoftext",
    200_002: "return",
    200_003: "constrain",
    200_005: "channel",
    200_006: "start",
    200_007: "end",
    200_008: "message",
    200_012: "call",
}

# A lookup may load 16 bytes at the start of any token, so the bytes end with this much padding.
LOAD_BYTES = 16
MASK_64 = (1 << 64) - 1

# The constants below are repeated in Sources/Harmony/Vocabulary; the check tests of the library
# look every token up, so a difference cannot go unnoticed.
ID_BITS = 18
PIECE_SLOT_BITS = 19
PIECE_TAG_BITS = 14
PIECE_MULTIPLIERS = (0x9E37_79B9_7F4A_7C15, 0xD6E8_FEB8_6659_FD93)
MERGE_SLOT_BITS = 18
MERGE_KEY_BITS = 2 * ID_BITS
MERGE_MULTIPLIER = 0x9_E377_9B97
CLASS_BLOCK_BITS = 7
CHARACTER_BLOCK_BITS = 5
CHARACTER_LIMIT = 0x20000

CLASS_NAMES = ["other", "upper", "lower", "caseless", "mark", "number", "space", "newline"]


def fail(message):
    sys.exit(f"generate.py: {message}")


# The vocabulary itself


def parse_tiktoken(text):
    """The ordinary tokens, indexed by id, of a .tiktoken file (`base64 SP rank` a line)."""
    tokens = []
    for line in text.splitlines():
        encoded, rank = line.split()
        if int(rank) != len(tokens):
            fail(f"rank {int(rank)} where {len(tokens)} was expected")
        tokens.append(base64.b64decode(encoded))
    return tokens


def format_tiktoken(tokens):
    lines = (b"%s %d\n" % (base64.b64encode(token), rank) for rank, token in enumerate(tokens))
    return b"".join(lines)


def require_checksum(text):
    digest = hashlib.sha256(text).hexdigest()
    if digest != VOCABULARY_SHA256:
        fail(f"o200k_base.tiktoken has sha256 {digest}, expected {VOCABULARY_SHA256}")


def special_text(token):
    return f"<|{NAMED_SPECIALS.get(token, f'reserved_{token}')}|>".encode()


def token_bytes_table(tokens):
    return b"".join(tokens) + bytes(LOAD_BYTES)


def token_extents_table(tokens):
    """One little-endian word a token: offset << 8 | length."""
    words, offset = [], 0
    for token in tokens:
        words.append(offset << 8 | len(token))
        offset += len(token)
    return struct.pack(f"<{len(words)}I", *words)


def read_committed_tokens():
    blob = (TABLES / "TokenBytes.bin").read_bytes()
    words = struct.unpack(f"<{TOKEN_COUNT}I", (TABLES / "TokenExtents.bin").read_bytes())
    return [blob[word >> 8 : (word >> 8) + (word & 0xFF)] for word in words]


# Whole pieces: bytes -> id


def piece_hash(piece):
    low = int.from_bytes(piece[:8], "little")
    high = int.from_bytes(piece[8:16] if len(piece) <= 16 else piece[-8:], "little")
    left = low ^ PIECE_MULTIPLIERS[0]
    right = high ^ PIECE_MULTIPLIERS[1] ^ len(piece) << 56
    product = left * right
    return (product >> 64) ^ (product & MASK_64)


def piece_slots_table(tokens):
    """Open addressing with linear probing and no wrap-around; a slot is tag << 18 | id."""
    slots = [None] * ((1 << PIECE_SLOT_BITS) + (1 << ID_BITS))
    for token, piece in enumerate(tokens):
        digest = piece_hash(piece)
        slot = digest >> (64 - PIECE_SLOT_BITS)
        tag = digest >> (64 - PIECE_SLOT_BITS - PIECE_TAG_BITS) & ((1 << PIECE_TAG_BITS) - 1)
        while slots[slot] is not None:
            slot += 1
        slots[slot] = tag << ID_BITS | token
    return pack_slots(slots, 1 << PIECE_SLOT_BITS, "I", 0xFFFF_FFFF)


def pack_slots(slots, home_count, word, empty):
    """All home slots, those that overflowed behind them, and an empty one to end every probe."""
    used = max(index for index, slot in enumerate(slots) if slot is not None) + 1
    kept = slots[: max(used, home_count)] + [None]
    return struct.pack(f"<{len(kept)}{word}", *(empty if slot is None else slot for slot in kept))


# Merges: (id, id) -> id


def last_merge(piece, ranks):
    """The two parts whose merge completes `piece`, by lowest rank and leftmost on ties."""
    parts = [piece[i : i + 1] for i in range(len(piece))]
    while len(parts) > 2:
        candidates = (
            (ranks.get(parts[i] + parts[i + 1], ORDINARY_COUNT), i) for i in range(len(parts) - 1)
        )
        rank, i = min(candidates)
        if rank == ORDINARY_COUNT:
            fail(f"no sequence of merges builds {piece!r}")
        parts[i : i + 2] = [parts[i] + parts[i + 1]]
    return ranks[parts[0]], ranks[parts[1]]


def merge_slots_table(tokens):
    """Keys in the order of their mixed value, each at its home slot or right after the last one.

    A slot is mixed key << 18 | merged id. The order lets an unsuccessful probe stop early.
    """
    ranks = {token: rank for rank, token in enumerate(tokens)}
    entries = []
    for merged, piece in enumerate(tokens):
        if len(piece) == 1:
            continue
        left, right = last_merge(piece, ranks)
        if max(left, right) >= merged:
            fail(f"token {merged} ranks below one of its parts")
        key = left << ID_BITS | right
        mixed = key * MERGE_MULTIPLIER & ((1 << MERGE_KEY_BITS) - 1)
        entries.append(mixed << ID_BITS | merged)
    return pack_slots(place_in_order(sorted(entries)), 1 << MERGE_SLOT_BITS, "Q", MASK_64)


def place_in_order(entries):
    slots = [None] * ((1 << MERGE_SLOT_BITS) + len(entries))
    free = 0
    for entry in entries:
        home = entry >> (ID_BITS + MERGE_KEY_BITS - MERGE_SLOT_BITS)
        position = max(home, free)
        slots[position] = entry
        free = position + 1
    return slots


# Bytes and characters


def byte_tokens_table(tokens):
    """The id of each single byte; all of them are below 256."""
    ranks = {token: rank for rank, token in enumerate(tokens[:256])}
    return bytes(ranks[bytes([byte])] for byte in range(256))


def read_classes():
    classes = bytearray([class_bit("other")]) * 0x110000
    for line in CLASSES_FILE.read_text().splitlines():
        if line.startswith("#"):
            continue
        extent, name = line.split()
        first, last = (int(end, 16) for end in extent.split(".."))
        classes[first : last + 1] = bytes([class_bit(name)]) * (last + 1 - first)
    return classes


def class_bit(name):
    return 1 << CLASS_NAMES.index(name)


def two_stage(values, block_bits):
    """Block numbers by index >> block_bits, and the distinct blocks in order of appearance."""
    size = 1 << block_bits
    numbers, blocks = [], {}
    for start in range(0, len(values), size):
        block = tuple(values[start : start + size])
        numbers.append(blocks.setdefault(block, len(blocks)))
    return numbers, list(blocks)


def character_classes_table():
    """One byte a block number, then blocks of 128 classes, each class one bit of a byte."""
    numbers, blocks = two_stage(read_classes(), CLASS_BLOCK_BITS)
    return bytes(numbers) + b"".join(bytes(block) for block in blocks)


def character_tokens_table(tokens):
    """Tokens that are one non-ASCII character: two bytes a block number, then blocks of 32 ids.

    Id 0, an ASCII character, stands for "no such token".
    """
    values = [0] * CHARACTER_LIMIT
    for token, piece in enumerate(tokens):
        try:
            text = piece.decode()
        except UnicodeDecodeError:
            continue
        if len(text) == 1 and len(piece) > 1 and ord(text) < CHARACTER_LIMIT:
            values[ord(text)] = token
    numbers, blocks = two_stage(values, CHARACTER_BLOCK_BITS)
    packed = struct.pack(f"<{len(numbers)}H", *numbers)
    return packed + b"".join(struct.pack(f"<{len(block)}I", *block) for block in blocks)


def torn_boundaries_table(tokens):
    """A bit for each pair of bytes (a, b), b leading a character, that a broken token spans.

    A broken token is not whole UTF-8. Where no broken token spans the boundary between two
    characters, a merge can cross it only once both characters are complete.
    """
    bits = bytearray(256 * 256 // 8)
    for piece in tokens:
        try:
            piece.decode()
        except UnicodeDecodeError:
            for a, b in zip(piece, piece[1:]):
                if b & 0xC0 != 0x80:
                    bits[a << 5 | b >> 3] |= 1 << (b & 7)
    return bytes(bits)


# Commands


def derive_tables(ordinary):
    specials = [special_text(token) for token in range(ORDINARY_COUNT, TOKEN_COUNT)]
    return {
        "TokenBytes.bin": token_bytes_table(ordinary + specials),
        "TokenExtents.bin": token_extents_table(ordinary + specials),
        "PieceSlots.bin": piece_slots_table(ordinary),
        "MergeSlots.bin": merge_slots_table(ordinary),
        "ByteTokens.bin": byte_tokens_table(ordinary),
        "CharacterClasses.bin": character_classes_table(),
        "CharacterTokens.bin": character_tokens_table(ordinary),
        "TornBoundaries.bin": torn_boundaries_table(ordinary),
    }


def generate(path):
    text = Path(path).read_bytes()
    require_checksum(text)
    for name, table in derive_tables(parse_tiktoken(text)).items():
        (TABLES / name).write_bytes(table)
        print(f"{name}: {len(table)} bytes")


def check():
    ordinary = read_committed_tokens()[:ORDINARY_COUNT]
    require_checksum(format_tiktoken(ordinary))
    for name, table in derive_tables(ordinary).items():
        if (TABLES / name).read_bytes() != table:
            fail(f"{name} is not what this script generates")
    print("the vocabulary tables are up to date")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("vocabulary", nargs="?", help="path of o200k_base.tiktoken")
    parser.add_argument("--check", action="store_true", help="verify the committed tables")
    arguments = parser.parse_args()
    if arguments.check == (arguments.vocabulary is not None):
        parser.error("give either a path or --check")
    if arguments.check:
        check()
    else:
        generate(arguments.vocabulary)


if __name__ == "__main__":
    main()
