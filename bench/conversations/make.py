"""Makes a model with random weights and the tokenizer of attune-nano, and conversations of uneven length: make.py NANO DIR."""
import json
import os
import random
import shutil
import sys

import torch
from transformers import LlamaConfig, LlamaForCausalLM

nano, out = sys.argv[1], sys.argv[2]
with open(os.path.join(nano, "config.json")) as file:
    vocabulary = json.load(file)["vocab_size"]
torch.manual_seed(1)
LlamaForCausalLM(LlamaConfig(
    hidden_size=384, intermediate_size=1024, num_hidden_layers=8, num_attention_heads=6, num_key_value_heads=2,
    vocab_size=vocabulary, max_position_embeddings=2048, tie_word_embeddings=True, bos_token_id=None, eos_token_id=2,
    pad_token_id=0)).save_pretrained(os.path.join(out, "model"))
for name in os.listdir(nano):
    if "token" in name or "template" in name:
        shutil.copy(os.path.join(nano, name), os.path.join(out, "model"))

words = ("order invoice password delivery refund account screen update late early green blue please could would like to "
         "know where my parcel is and when it will arrive at the office near the station before next monday").split()
draw = random.Random(7)


def text(median, spread):
    count = max(4, min(450, int(draw.lognormvariate(0, spread) * median)))
    return " ".join(draw.choice(words) for _ in range(count)).capitalize() + "."


with open(os.path.join(out, "train.jsonl"), "w") as file:
    for _ in range(64):
        messages = [{"role": "system", "content": "You answer customers of a shop."}]
        for _ in range(draw.choice((1, 1, 1, 2, 3))):
            messages.append({"role": "user", "content": text(40, 0.9)})
            messages.append({"role": "assistant", "content": text(15, 0.8)})
        file.write(json.dumps({"messages": messages}) + "\n")
