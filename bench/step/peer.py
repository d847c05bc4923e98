"""Times LoRA steps of PEFT: peer.py DIR TYPE TARGETS STEPS [--make | --rate].

--make makes the model; --rate measures what this machine multiplies in a second, in the step's shapes.
"""
import json
import os
import resource
import sys
import time

import torch
from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM

directory, kind, targets, steps = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
if "--make" in sys.argv:
    torch.manual_seed(1)
    config = LlamaConfig(hidden_size=576, intermediate_size=1536, num_hidden_layers=30, num_attention_heads=9,
                         num_key_value_heads=3, vocab_size=49152, max_position_embeddings=8192,
                         tie_word_embeddings=True, rope_parameters=dict(rope_type="default", rope_theta=100000.0))
    LlamaForCausalLM(config).to(getattr(torch, kind)).save_pretrained(directory)
    sys.exit()

torch.set_num_threads(int(os.environ.get("THREADS", "2")))
N, D, V, FF, H, K, S, LAYERS, RANK = 512, 576, 49152, 1536, 9, 3, 64, 30, 8
LINEAR = {"q": (H * S, D), "k": (K * S, D), "v": (K * S, D), "o": (D, H * S), "gate": (FF, D), "up": (FF, D), "down": (D, FF)}


def rate():
    """Operations a second of the step's own matrix shapes, multiplied one after the other and nothing else; of the whole step.

    Counted: the products of the forward pass and of the inputs' gradients, attention below the diagonal, the adapter.
    """
    def seconds(left, right):
        best = 1e9
        for _ in range(8):
            began = time.perf_counter()
            left @ right
            best = min(best, time.perf_counter() - began)
        return best

    of = getattr(torch, kind)
    times, products = 0.0, 0
    for out, inner, count in [(out, inner, LAYERS) for out, inner in LINEAR.values()] + [(V, D, 1)]:
        weight, x, dy = torch.randn(out, inner).to(of), torch.randn(N, inner).to(of), torch.randn(N, out).to(of)
        times += count * (seconds(x, weight.t()) + seconds(dy, weight))
        products += count * 4 * N * out * inner
    adapted = list(LINEAR.values())[:4] if targets == "attention" else list(LINEAR.values())
    attention = LAYERS * 6 * 2 * H * S * N * N / 2
    low_rank = LAYERS * sum(6 * N * RANK * (out + inner) for out, inner in adapted)
    return {"rate": products / times, "operations": products + attention + low_rank}


if "--rate" in sys.argv:
    print(json.dumps(rate()))
    sys.exit()

from peft import LoraConfig, get_peft_model

model = AutoModelForCausalLM.from_pretrained(directory, dtype=getattr(torch, kind), attn_implementation="sdpa")
model.config.use_cache = False
names = ["q_proj", "k_proj", "v_proj", "o_proj"] if targets == "attention" else "all-linear"
model = get_peft_model(model, LoraConfig(r=8, lora_alpha=16, target_modules=names, task_type="CAUSAL_LM"))
model.train()
trained = [p for p in model.parameters() if p.requires_grad]
optimizer = torch.optim.AdamW(trained, lr=1e-4)
ids = torch.tensor([[(i * 7919 + 13) % 49152 for i in range(512)]])
best, loss = 1e9, None
for _ in range(steps):
    began = time.perf_counter()
    loss = model(input_ids=ids, labels=ids).loss
    loss.backward()
    torch.nn.utils.clip_grad_norm_(trained, 1.0)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    best = min(best, time.perf_counter() - began)
print(json.dumps({"tokens_per_second": 512 / best, "loss": float(loss.detach()),
                  "peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6}))
