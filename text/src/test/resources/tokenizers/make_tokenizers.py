"""Trains tiny tokenizers of the shapes that published models have, and writes what transformers makes of texts with them.

Run with a Python that has tokenizers (0.23) and transformers (5.18): python make_tokenizers.py
"""
import json, pathlib, random
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

HERE = pathlib.Path(__file__).parent
LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
QWEN = LLAMA3.replace("{1,3}", "")
WORDS = ("the of and to in a is that for it with as on be at by this from or an are was not which you 12 2026 3.5 Über straße "
         "naïve ça façade 東京 日本語 한국어 русский привет مرحبا 😀 👩‍👩‍👧 'll don't I'm we've {} [] () == != -> \n \n\n \t  ").split(" ")
TURNS = ["<|im_start|>", "<|im_end|>"]


def corpus():
    r = random.Random(1)
    return [" ".join(r.choice(WORDS) for _ in range(r.randint(1, 30))) for _ in range(400)]


def byte_level(pre, specials, extra=(), ignore_merges=False, normalizer=None):
    t = Tokenizer(models.BPE(ignore_merges=ignore_merges))
    t.normalizer = normalizer
    t.pre_tokenizer = pre
    t.decoder = decoders.ByteLevel()
    t.train_from_iterator(corpus(), trainers.BpeTrainer(vocab_size=420, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
                                                        special_tokens=specials, show_progress=False))
    t.add_tokens(list(extra))
    return t


def split(pattern):
    return pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(pattern), "isolated"),
                                    pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])


def pieces(prefix, normalizer, pre, specials, decoder, extra=()):
    t = Tokenizer(models.BPE(byte_fallback=True, fuse_unk=True, unk_token="<unk>"))
    if normalizer is not None:
        t.normalizer = normalizer
    if pre is not None:
        t.pre_tokenizer = pre
    marks = specials + [f"<0x{b:02X}>" for b in range(256)]
    t.train_from_iterator([w for line in corpus() for w in (line if prefix else line).split("\n")],
                          trainers.BpeTrainer(vocab_size=560, special_tokens=marks, max_token_length=8, limit_alphabet=110, show_progress=False))
    saved = json.loads(t.to_str())
    saved["added_tokens"] = [a for a in saved["added_tokens"] if not a["content"].startswith("<0x")]
    t = Tokenizer.from_str(json.dumps(saved))
    t.decoder = decoder
    t.add_tokens(list(extra))
    return t


SPACES = normalizers.Replace(" ", "▁")
UNDO = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
KINDS = {
    "gpt2": lambda: byte_level(pre_tokenizers.ByteLevel(add_prefix_space=False), ["<|endoftext|>"]),
    "smollm2": lambda: byte_level(pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]),
                                  ["<|endoftext|>"] + TURNS),
    "llama3": lambda: byte_level(split(LLAMA3), ["<|begin_of_text|>", "<|eot_id|>"], ignore_merges=True),
    "qwen": lambda: byte_level(split(QWEN), ["<|endoftext|>"] + TURNS, [AddedToken("<think>", normalized=False), AddedToken("<tool_call>", normalized=False)],
                               normalizer=normalizers.NFC()),
    "llama2": lambda: pieces(True, normalizers.Sequence([normalizers.Prepend("▁"), SPACES]), None, ["<unk>", "<s>", "</s>"],
                             decoders.Sequence(UNDO + [decoders.Strip(" ", 1, 0)])),
    "mistral": lambda: pieces(True, None, pre_tokenizers.Metaspace(prepend_scheme="first", split=False), ["<unk>", "<s>", "</s>", "[INST]", "[/INST]"],
                              decoders.Sequence(UNDO + [decoders.Strip(" ", 1, 0)])),
    "gemma": lambda: pieces(False, SPACES, pre_tokenizers.Split(" ", "merged_with_previous"), ["<pad>", "<eos>", "<bos>", "<unk>", "<start_of_turn>", "<end_of_turn>"],
                            decoders.Sequence(UNDO), [AddedToken("\n\n", normalized=False), AddedToken("  ", normalized=False)]),
    "phi3": lambda: pieces(True, normalizers.Sequence([normalizers.Prepend("▁"), SPACES]), None, ["<unk>", "<s>", "</s>"],
                           decoders.Sequence(UNDO + [decoders.Strip(" ", 1, 0)]),
                           [AddedToken("<|end|>", rstrip=True, normalized=False, special=True), AddedToken("<|user|>", rstrip=True, normalized=False, special=True)]),
}


def texts(specials):
    r = random.Random(20261121)
    ranges = [(0x20, 0x7e)] * 6 + [(0xa0, 0x17f), (0x300, 0x36f), (0x370, 0x5ff), (0x600, 0x6ff), (0x900, 0x97f), (0x2000, 0x206f), (0x3040, 0x30ff),
              (0x4e00, 0x9fff), (0xac00, 0xd7a3), (0xfb00, 0xfb06), (0x1f300, 0x1f6ff), (0x1f900, 0x1f9ff), (0x10000, 0x10fff), (0, 0x1f), (0xe000, 0xe0ff)]
    out = ["", " ", "a", " a", "  a ", "\n\n", "\n \n", "Hello world", "it's IT'S we'Ll", "1234567 1 22 333", "a\u0301 e\u0301", "\ufeffx", "\r\n\r\n x"]
    for _ in range(160):
        parts = []
        for _ in range(r.randint(1, 14)):
            pick = r.random()
            if pick < 0.5:
                parts.append(r.choice(WORDS) + r.choice(["", " ", " ", "\n"]))
            elif pick < 0.6 and specials:
                parts.append(r.choice(specials) + r.choice(["", " ", "\n"]))
            else:
                low, high = r.choice(ranges)
                parts.append("".join(chr(r.randint(low, high)) for _ in range(r.randint(1, 4))))
        out.append("".join(parts))
    return out


if __name__ == "__main__":
    vectors = {}
    for name, make in KINDS.items():
        tokenizer = make()
        folder = HERE / name
        folder.mkdir(exist_ok=True)
        (folder / "tokenizer.json").write_text(tokenizer.to_str())
        reference = PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))
        specials = [t.content for t in tokenizer.get_added_tokens_decoder().values() if not t.content.isspace()]
        vectors[name] = []
        for text in texts(specials):
            ids = reference.encode(text, add_special_tokens=False)
            vectors[name].append({"text": text, "ids": ids, "decoded": reference.decode(ids, clean_up_tokenization_spaces=False),
                                  "plain": reference.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)})
    (HERE / "vectors.json").write_text(json.dumps(vectors, ensure_ascii=True, separators=(",", ":")) + "\n")
