# Makes the golden data of direct preference optimization: dpo/ beside two of the models. Needs transformers 5.18, peft 0.21
# and torch 2.13; run it here. The reference is the model with its adapter, the policy an adapter that has moved on from it.
# Loss, rewards and margins are those of TRL's DPOTrainer with loss_type "sigmoid": each answer's log-probabilities summed,
# the mean over pairs. Each sequence passes through the model alone, in 32 bits, eagerly.
import os, torch
from transformers import AutoModelForCausalLM
from safetensors.torch import save_file
from peft import PeftModel

BETA = 0.3
# prompt, preferred answer, other answer
PAIRS = [([1, 5, 9, 33], [4, 7, 80, 12, 2], [3, 3, 41, 2]), ([1, 6], [6, 2], [17, 64, 8, 30, 2]),
         ([1, 90, 21, 7, 7, 44], [11, 2], [12, 2])]


def log_probability(model, prompt, answer):
    ids = torch.tensor([prompt + answer])
    logits = model(input_ids=ids).logits[0, :-1].log_softmax(-1)
    return logits.gather(1, ids[0, 1:, None])[len(prompt) - 1:, 0].sum()


def both(model):
    return (torch.stack([log_probability(model, p, w) for p, w, _ in PAIRS]),
            torch.stack([log_probability(model, p, l) for p, _, l in PAIRS]))


def flat(sequences, width=16):
    return torch.tensor([s + [-1] * (width - len(s)) for s in sequences])


for name in ['llama', 'gemma2']:
    torch.manual_seed(5)
    model = AutoModelForCausalLM.from_pretrained(name, attn_implementation='eager', dtype=torch.float32)
    tuned = PeftModel.from_pretrained(model, name + '/adapter', is_trainable=True).eval()
    with torch.no_grad():
        reference = both(tuned)
        for n, p in tuned.named_parameters():
            if 'lora_' in n:
                p.add_(torch.randn_like(p) * 0.05)
    tuned.save_pretrained(name + '/dpo/adapter')
    preferred, other = both(tuned)
    rewards = (BETA * (preferred - reference[0]), BETA * (other - reference[1]))
    margins = rewards[0] - rewards[1]
    loss = -torch.nn.functional.logsigmoid(margins).mean()
    loss.backward()
    out = dict(beta=torch.tensor([BETA]), prompts=flat([p for p, _, _ in PAIRS]), preferred=flat([w for _, w, _ in PAIRS]),
               other=flat([l for _, _, l in PAIRS]), loss=loss.reshape(1), margin=margins.mean().reshape(1),
               accuracy=(margins > 0).float().mean().reshape(1), reference_preferred=reference[0],
               reference_other=reference[1], reward_preferred=rewards[0].mean().reshape(1),
               reward_other=rewards[1].mean().reshape(1))
    trained = {n.replace('.default', ''): p for n, p in tuned.named_parameters() if p.requires_grad}
    out.update({'grad.' + n: p.grad.clone() for n, p in trained.items()})
    optimizer = torch.optim.AdamW(trained.values(), lr=1e-3, weight_decay=0.01)
    out['grad_norm'] = torch.nn.utils.clip_grad_norm_(trained.values(), 1.0).reshape(1)
    optimizer.step()
    out.update({'after1.' + n: p for n, p in trained.items()})
    save_file({k: v.detach().contiguous() for k, v in out.items()}, name + '/dpo/golden.safetensors')
    for extra in ['README.md']:
        if os.path.exists(f'{name}/dpo/adapter/{extra}'):
            os.remove(f'{name}/dpo/adapter/{extra}')
    print(name, 'loss %.6f margins %s norm %.5f' % (loss, margins.tolist(), out['grad_norm']))
