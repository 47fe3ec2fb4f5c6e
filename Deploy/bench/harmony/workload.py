#!/usr/bin/env python3
"""What HarmonyThroughput does, done by a peer: `workload.py PEER encode|decode ROUNDS < TEXT`,
or `workload.py PEER summary < TEXT`, with documents cut at the same places."""

import functools
import json
import sys

from peers import PEERS

DOCUMENT_BYTES = 64 * 1024


def read_documents(lines):
    documents, document, size = [], [], 0
    for line in lines:
        document.append(line.decode())
        size += len(line)
        if size >= DOCUMENT_BYTES:
            documents.append("".join(document))
            document, size = [], 0
    return documents + ["".join(document)] if document else documents


def checksum(tokens):
    step = lambda digest, token: (digest ^ token) * 0x100_0000_01B3 % (1 << 64)
    return functools.reduce(step, tokens, 0xCBF2_9CE4_8422_2325)


def main():
    peer = PEERS[sys.argv[1]]()
    documents = read_documents(sys.stdin.buffer)
    if sys.argv[2] == "summary":
        tokens = [token for document in documents for token in peer.encode(document)]
        size = sum(len(document.encode()) for document in documents)
        print(json.dumps({"bytes": size, "tokens": len(tokens), "checksum": checksum(tokens)}))
        return
    work, items = peer.encode, documents
    if sys.argv[2] == "decode":
        work, items = peer.decode, [peer.encode(document) for document in documents]
    for _ in range(int(sys.argv[3])):
        for item in items:
            work(item)


if __name__ == "__main__":
    main()
