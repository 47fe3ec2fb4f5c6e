"""The tokenizers measured beside ours, each with the functions `encode` and `decode`.

Each class imports its package only when it is made, so that a process loads a single one.
"""


class Quicktok:
    def __init__(self):
        import quicktok

        tokenizer = quicktok.get_encoding("o200k_harmony")
        self.encode = tokenizer.encode_ordinary
        self.decode = tokenizer.decode_bytes


class Tiktoken:
    def __init__(self):
        import tiktoken

        tokenizer = tiktoken.get_encoding("o200k_base")
        self.encode = tokenizer.encode_ordinary
        self.decode = tokenizer.decode_bytes


class BPEOpenAI:
    def __init__(self):
        import bpe_openai

        tokenizer = bpe_openai.get_encoding("o200k_base")
        self.encode = tokenizer.encode_ordinary
        self.decode = tokenizer.decode_bytes


class OpenAIHarmony:
    def __init__(self):
        from openai_harmony import HarmonyEncodingName, load_harmony_encoding

        tokenizer = load_harmony_encoding(HarmonyEncodingName.HARMONY_GPT_OSS)
        self.encode = lambda text: tokenizer.encode(text, disallowed_special=())
        self.decode = tokenizer.decode_utf8


PEERS = {
    "quicktok": Quicktok,
    "tiktoken": Tiktoken,
    "bpe-openai": BPEOpenAI,
    "openai-harmony": OpenAIHarmony,
}
