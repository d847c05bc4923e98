# Writes bf16.properties: how far PEFT is from 32-bit floats when the model is held and computed in bfloat16 (its factors stay
# 32-bit): the loss, and the length of the difference of all factors' gradients over that of the gradients. The batch is that
# of golden.safetensors. Needs transformers 5.18, peft 0.21 and torch 2.13; run it here.
import torch
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

lines = []
for name in ['llama', 'llama3rope_tied', 'qwen2', 'qwen3', 'gemma2', 'gpt2']:
    data = load_file(name + '/golden.safetensors')
    model = AutoModelForCausalLM.from_pretrained(name, attn_implementation='eager', dtype=torch.bfloat16)
    model = PeftModel.from_pretrained(model, name + '/adapter', is_trainable=True).eval()
    loss = model(input_ids=data['input_ids'], attention_mask=data['attention_mask'], labels=data['labels']).loss
    loss.backward()
    apart, length = 0.0, 0.0
    for parameter, value in model.named_parameters():
        if value.requires_grad:
            expected = data['grad.' + parameter.replace('.default', '')]
            apart += float((value.grad.float() - expected).square().sum())
            length += float(expected.square().sum())
    lines += ['%s.loss=%.6f' % (name, loss), '%s.gradients=%.6f' % (name, (apart / length) ** 0.5)]
with open('bf16.properties', 'w') as file:
    file.write('\n'.join(lines) + '\n')
