#!/usr/bin/env python3
"""Generates the read-only tables of Sources/CHarmonyVocabulary.

    generate.py o200k_base.tiktoken              writes every table
    generate.py --check                          proves that the committed tables are right
    generate.py --expand o200k_base.tiktoken     writes the vocabulary file back from the tables

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

# The constants below are repeated in Sources/Harmony/Vocabulary. PieceTableTests and MergerTests
# look up what these tables hold, so a difference does not go unnoticed.
ID_BITS = 18
PIECE_SLOT_BITS = 18
PIECE_TAG_BITS = 17
PIECE_MULTIPLIERS = (0x9E37_79B9_7F4A_7C15, 0xD6E8_FEB8_6659_FD93)
NEAR_ID_BITS = 7
MERGE_BUCKET_BITS = 17
MERGE_BUCKET_SLOTS = 2
MERGE_EVICTIONS_MAX = 1000
MULTIPLIER = 0x9E37_79B9_7F4A_7C15
CLASS_BLOCK_BITS = 7
CHARACTER_BLOCK_BITS = 5
CHARACTER_LIMIT = 0x20000
WIDE_CODE_POINT = 0x800
JOINED_WORD_BITS = 12
TORN_SHIFT = 10
TORN_NEVER = 255

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
    """Open addressing with linear probing; no wrap-around, and an empty slot at the end.

    A slot is tag << 47 | offset << 26 | length << 18 | id, or 0 if it is empty. Tokens that are
    frequent in text have low ids, so they come first and are mostly found at their first probe.
    """
    slots = [0] * (1 << PIECE_SLOT_BITS)
    offset = 0
    for token, piece in enumerate(tokens):
        digest = piece_hash(piece)
        slot = digest >> (64 - PIECE_SLOT_BITS)
        tag = digest >> (64 - PIECE_SLOT_BITS - PIECE_TAG_BITS) & ((1 << PIECE_TAG_BITS) - 1)
        while slots[slot] != 0:
            slot += 1
            if slot == len(slots):
                slots.append(0)
        slots[slot] = tag << 47 | offset << 26 | len(piece) << ID_BITS | token
        offset += len(piece)
    return struct.pack(f"<{len(slots) + 1}Q", *slots, 0)


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


def merge_entries(tokens):
    """left << 36 | right << 18 | merged for each merge, in the order of their ranks."""
    ranks = {token: rank for rank, token in enumerate(tokens)}
    entries = []
    for merged, piece in enumerate(tokens):
        if len(piece) > 1:
            left, right = last_merge(piece, ranks)
            if max(left, right) >= merged:
                fail(f"token {merged} ranks below one of its parts")
            entries.append(left << 2 * ID_BITS | right << ID_BITS | merged)
    return entries


def merge_hash(entry):
    return (entry >> ID_BITS) * MULTIPLIER & MASK_64


def near_merges_table(entries):
    """What two of the lowest ids, those of ASCII characters, merge to; 0 if they do not."""
    merged = [0] * (1 << 2 * NEAR_ID_BITS)
    for entry in entries:
        left, right = entry >> 2 * ID_BITS, entry >> ID_BITS & ((1 << ID_BITS) - 1)
        if (left | right) >> NEAR_ID_BITS == 0:
            merged[left << NEAR_ID_BITS | right] = entry & ((1 << ID_BITS) - 1)
    return struct.pack(f"<{len(merged)}I", *merged)


def merge_slots_table(entries):
    """Cuckoo hashing: an entry is in one of the two slots of one of two buckets."""
    buckets = [[] for _ in range(1 << MERGE_BUCKET_BITS)]
    for entry in entries:
        insert_merge(buckets, entry)
    empty = [MASK_64] * MERGE_BUCKET_SLOTS
    slots = [slot for bucket in buckets for slot in (bucket + empty)[:MERGE_BUCKET_SLOTS]]
    return struct.pack(f"<{len(slots)}Q", *slots)


def merge_buckets(entry):
    digest = merge_hash(entry)
    first = digest >> (64 - MERGE_BUCKET_BITS)
    second = digest >> (64 - 2 * MERGE_BUCKET_BITS) & ((1 << MERGE_BUCKET_BITS) - 1)
    return first, second


def insert_merge(buckets, entry):
    """Puts an entry into its first bucket, or into its second one if only that has room.

    If both are full the newest entry of the first bucket has to move: frequent merges have low
    ranks, come first and keep their place.
    """
    first, second = merge_buckets(entry)
    target = second if full(buckets[first]) and not full(buckets[second]) else first
    for _ in range(MERGE_EVICTIONS_MAX):
        if not full(buckets[target]):
            buckets[target].append(entry)
            return
        entry, buckets[target][-1] = buckets[target][-1], entry
        buckets[target].reverse()
        first, second = merge_buckets(entry)
        target = second if target == first else first
    fail("the merges do not fit into their buckets")


def full(bucket):
    return len(bucket) == MERGE_BUCKET_SLOTS


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


def character_classes_table(classes):
    """One byte a block number, then blocks of 128 classes, each class one bit of a byte."""
    numbers, blocks = two_stage(classes, CLASS_BLOCK_BITS)
    return bytes(numbers) + b"".join(bytes(block) for block in blocks)


def lead_bytes_table(classes):
    """For each byte that can begin a character: byte count << 8 | class of all that it begins.

    The class is 0 if the characters that the byte begins are of several classes.
    """
    words = [0] * 256
    for lead in range(256):
        count, first, last = characters_of(lead)
        kinds = set(classes[first : last + 1])
        words[lead] = count << 8 | (kinds.pop() if len(kinds) == 1 else 0)
    return struct.pack("<256H", *words)


def characters_of(lead):
    """The byte count of the characters that a byte begins, the first and the last of them."""
    if lead < 0x80:
        return 1, lead, lead
    if 0xC2 <= lead < 0xE0:
        return 2, (lead & 0x1F) << 6, (lead & 0x1F) << 6 | 0x3F
    if 0xE0 <= lead < 0xF0:
        return 3, max((lead & 0x0F) << 12, 0x800), (lead & 0x0F) << 12 | 0xFFF
    if 0xF0 <= lead < 0xF5:
        return 4, max((lead & 0x07) << 18, 0x10000), min((lead & 0x07) << 18 | 0x3FFFF, 0x10FFFF)
    return 0, 0, -1


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
    """For each pair of bytes (a, b), b leading a character, when a merge can tear a character there.

    A merge tears a character if it makes a token that spans the boundary between a and b and is not
    whole UTF-8. An entry is the lowest id of such tokens >> 10, or 255 if there are none.
    """
    entries = bytearray([TORN_NEVER]) * (256 * 256)
    for token, piece in enumerate(tokens):
        try:
            piece.decode()
        except UnicodeDecodeError:
            for a, b in zip(piece, piece[1:]):
                if b & 0xC0 != 0x80:
                    index = a << 8 | b
                    entries[index] = min(entries[index], token >> TORN_SHIFT)
    return bytes(entries)


def joined_characters_table(tokens):
    """A Bloom filter of neighbours within tokens, if one of them takes at least three bytes.

    A pair of characters sets two bits of the word that the top bits of its hash select.
    """
    words = [0] * (1 << JOINED_WORD_BITS)
    for piece in tokens:
        try:
            text = piece.decode()
        except UnicodeDecodeError:
            continue
        for pair in zip(map(ord, text), map(ord, text[1:])):
            if max(pair) >= WIDE_CODE_POINT:
                digest = (pair[0] << 21 | pair[1]) * MULTIPLIER & MASK_64
                bits = 1 << (digest >> 40 & 63) | 1 << (digest >> 34 & 63)
                words[digest >> (64 - JOINED_WORD_BITS)] |= bits
    return struct.pack(f"<{len(words)}Q", *words)


# Commands


def derive_tables(ordinary):
    specials = [special_text(token) for token in range(ORDINARY_COUNT, TOKEN_COUNT)]
    merges = merge_entries(ordinary)
    classes = read_classes()
    return {
        "TokenBytes.bin": token_bytes_table(ordinary + specials),
        "TokenExtents.bin": token_extents_table(ordinary + specials),
        "PieceSlots.bin": piece_slots_table(ordinary),
        "NearMerges.bin": near_merges_table(merges),
        "MergeSlots.bin": merge_slots_table(merges),
        "ByteTokens.bin": byte_tokens_table(ordinary),
        "CharacterClasses.bin": character_classes_table(classes),
        "LeadBytes.bin": lead_bytes_table(classes),
        "CharacterTokens.bin": character_tokens_table(ordinary),
        "JoinedCharacters.bin": joined_characters_table(ordinary),
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


def expand(path):
    text = format_tiktoken(read_committed_tokens()[:ORDINARY_COUNT])
    require_checksum(text)
    Path(path).write_bytes(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    mode = parser.add_mutually_exclusive_group(required=True)
    mode.add_argument("vocabulary", nargs="?", help="o200k_base.tiktoken, to generate from")
    mode.add_argument("--check", action="store_true", help="verify the committed tables")
    mode.add_argument("--expand", metavar="PATH", help="write o200k_base.tiktoken")
    arguments = parser.parse_args()
    if arguments.check:
        check()
    elif arguments.expand:
        expand(arguments.expand)
    else:
        generate(arguments.vocabulary)


if __name__ == "__main__":
    main()
