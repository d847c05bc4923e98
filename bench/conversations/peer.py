"""Tunes with TRL's SFTTrainer, assistant tokens only: peer.py DIR default|packed. Prints real tokens a second between steps."""
import json
import os
import sys
import time

import torch
from datasets import load_dataset
from peft import LoraConfig
from transformers import AutoModelForCausalLM, AutoTokenizer, TrainerCallback
from trl import SFTConfig, SFTTrainer

directory, way = sys.argv[1], sys.argv[2]
torch.set_num_threads(int(os.environ["THREADS"]))
tokenizer = AutoTokenizer.from_pretrained(directory + "/model")
model = AutoModelForCausalLM.from_pretrained(directory + "/model", dtype=torch.float32, attn_implementation="sdpa")
data = load_dataset("json", data_files=directory + "/train.jsonl", split="train")
tokens = sum(len(tokenizer.apply_chat_template(row, tokenize=True, return_dict=True)["input_ids"]) for row in data["messages"])


class Clock(TrainerCallback):
    times = []

    def on_step_end(self, args, state, control, **kwargs):
        self.times.append(time.perf_counter())


packed = way == "packed"
trainer = SFTTrainer(
    model=model, train_dataset=data, processing_class=tokenizer,
    args=SFTConfig(output_dir=directory + "/peer", num_train_epochs=1, per_device_train_batch_size=2 if packed else 8,
                   learning_rate=1e-4, report_to=[], save_strategy="no", use_cpu=True, bf16=False, packing=packed,
                   max_length=1024, assistant_only_loss=True, logging_strategy="no", gradient_checkpointing=False),
    peft_config=LoraConfig(r=8, lora_alpha=16, target_modules="all-linear", task_type="CAUSAL_LM"),
    callbacks=[Clock()])
trainer.train()
steps = len(Clock.times)
seconds = (Clock.times[-1] - Clock.times[0]) * steps / (steps - 1)
print(json.dumps({"tokens_per_second": tokens / seconds, "steps": steps, "tokens": tokens}))
