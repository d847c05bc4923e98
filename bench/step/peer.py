"""Makes the model if it is not there, and times LoRA steps of PEFT on it: peer.py DIR TYPE TARGETS STEPS [--make]."""
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

from peft import LoraConfig, get_peft_model

torch.set_num_threads(int(os.environ.get("THREADS", "2")))
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
