# Makes the golden data of training all weights: full.safetensors beside some of the models. Needs transformers 5.18 and
# torch 2.13; run it here. The batch is that of golden.safetensors; 32 bits, eagerly.
import torch
from transformers import AutoModelForCausalLM
from safetensors.torch import load_file, save_file

for name in ['llama3rope_tied', 'gemma2', 'gpt2', 'phi3_longrope']:
    data = load_file(name + '/golden.safetensors')
    model = AutoModelForCausalLM.from_pretrained(name, attn_implementation='eager', dtype=torch.float32).eval()
    losses = []
    for ids, mask, labels in zip(data['input_ids'], data['attention_mask'], data['labels']):
        length = int(mask.sum())
        logits = model(input_ids=ids[None, :length]).logits[0, :-1]
        losses.append(torch.nn.functional.cross_entropy(logits, labels[1:length], ignore_index=-100, reduction='none')
                      [labels[1:length] != -100])
    loss = torch.cat(losses).mean()
    loss.backward()
    out = dict(loss=loss.reshape(1))
    out.update({'grad.' + n: p.grad.clone() for n, p in model.named_parameters()})
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
    out['grad_norm'] = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0).reshape(1)
    optimizer.step()
    out.update({'after1.' + n: p for n, p in model.named_parameters()})
    save_file({k: v.detach().contiguous() for k, v in out.items()}, name + '/full.safetensors')
    print(name, float(loss), float(out['grad_norm']))
