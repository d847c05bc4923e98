# Makes the golden data of the variants: what the nine models beside do not have. Needs transformers 5.18, peft 0.21 and
# torch 2.13; run it here, with names to make only those. Each sequence passes through the model alone, in 32 bits, eagerly.
import os, sys, torch
from transformers import *
from safetensors.torch import save_file
from peft import LoraConfig, get_peft_model

S = dict(hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
         vocab_size=48, pad_token_id=0, bos_token_id=1, eos_token_id=2)
FACTORS = dict(short_factor=[1.0, 1.1, 1.3, 1.6], long_factor=[1.5, 2.0, 3.0, 5.0])
VARIANTS = {
    'mistral_window': (
        MistralConfig(**S, max_position_embeddings=64, sliding_window=3, head_dim=8),
        dict(r=3, lora_alpha=6, target_modules='all-linear', use_rslora=True)),
    'phi3_longrope': (
        Phi3Config(**{**S, 'hidden_size': 40}, max_position_embeddings=64, original_max_position_embeddings=8,
                   rope_parameters=dict(rope_type='longrope', rope_theta=10000.0, partial_rotary_factor=0.8, **FACTORS)),
        dict(r=2, lora_alpha=4, target_modules=['qkv_proj', 'gate_up_proj', 'o_proj'], lora_dropout=0.25,
             rank_pattern={'qkv_proj': 5}, alpha_pattern={'o_proj': 3})),
    'llama_bias_dynamic': (
        LlamaConfig(**S, max_position_embeddings=6, attention_bias=True, mlp_bias=True,
                    rope_parameters=dict(rope_type='dynamic', rope_theta=10000.0, factor=2.0)),
        dict(r=4, lora_alpha=8, target_modules=r'.*\.(q|v|down)_proj',
             rank_pattern={r'layers\.1\.self_attn\.q_proj': 2}, alpha_pattern={'down_proj': 1.5})),
    'qwen2_window_linear': (
        Qwen2Config(**S, max_position_embeddings=64, use_sliding_window=True, sliding_window=4, max_window_layers=1,
                    rope_parameters=dict(rope_type='linear', rope_theta=1000000.0, factor=4.0)),
        dict(r=2, lora_alpha=2, target_modules=['q_proj', 'k_proj', 'up_proj'], layers_to_transform=[1])),
    'qwen3_yarn': (
        Qwen3Config(**S, head_dim=8, max_position_embeddings=64,
                    rope_parameters=dict(rope_type='yarn', rope_theta=1000000.0, factor=8.0, beta_fast=16.0, beta_slow=2.0,
                                         truncate=False, mscale=1.2, mscale_all_dim=0.7,
                                         original_max_position_embeddings=32)),
        dict(r=2, lora_alpha=4, target_modules=['v_proj', 'gate_proj'], exclude_modules=['layers.0.self_attn.v_proj'])),
    'gpt2_scaled': (
        GPT2Config(n_embd=16, n_layer=2, n_head=4, n_inner=24, vocab_size=48, n_positions=32, bos_token_id=1,
                   eos_token_id=2, resid_pdrop=0, embd_pdrop=0, attn_pdrop=0, scale_attn_by_inverse_layer_idx=True,
                   activation_function='gelu'),
        dict(r=3, lora_alpha=3, target_modules='all-linear', fan_in_fan_out=True)),
    'llama_embedding_tied': (
        LlamaConfig(**S, max_position_embeddings=64, tie_word_embeddings=True),
        dict(r=2, lora_alpha=4, target_modules='all-linear', modules_to_save=['embed_tokens'], ensure_weight_tying=True)),
    'llama_embedding': (
        LlamaConfig(**S, max_position_embeddings=64, tie_word_embeddings=False),
        dict(r=2, lora_alpha=4, target_modules=['q_proj'], modules_to_save=['embed_tokens'])),
    'llama_embedding_pad': (
        LlamaConfig(**{**S, 'pad_token_id': 6}, max_position_embeddings=64, tie_word_embeddings=True),
        dict(r=2, lora_alpha=4, target_modules=['v_proj'], modules_to_save=['embed_tokens'], ensure_weight_tying=True)),
    'gemma3_bounded': (
        Gemma3TextConfig(**S, max_position_embeddings=64, head_dim=6, query_pre_attn_scalar=7, sliding_window=3,
                         layer_types=['full_attention', 'sliding_attention'], attn_logit_softcapping=3.0,
                         final_logit_softcapping=2.0, attention_bias=True,
                         rope_parameters=dict(full_attention=dict(rope_type='linear', rope_theta=333.0, factor=2.5),
                                              sliding_attention=dict(rope_type='default', rope_theta=137.5))),
        dict(r=3, lora_alpha=4, target_modules='all-linear', use_rslora=True)),
    'qwen2_dora': (
        Qwen2Config(**S, max_position_embeddings=64, tie_word_embeddings=True),
        dict(r=3, lora_alpha=6, target_modules=['q_proj', 'v_proj', 'o_proj', 'gate_proj', 'down_proj'], use_dora=True)),
    'gpt2_dora': (
        GPT2Config(n_embd=16, n_layer=2, n_head=4, n_inner=24, vocab_size=48, n_positions=32, bos_token_id=1,
                   eos_token_id=2, resid_pdrop=0, embd_pdrop=0, attn_pdrop=0),
        dict(r=2, lora_alpha=4, target_modules='all-linear', fan_in_fan_out=True, use_dora=True, use_rslora=True)),
}
ROWS = [[1, 5, 9, 33, 4, 7, 40, 12, 3, 2], [1, 6, 6, 2]]
WIDTH = 10


def run(model):
    """Logits of both sequences, padded with zeros, and the mean loss over the trained tokens of both."""
    padded, losses = [], []
    for row in ROWS:
        logits = model(input_ids=torch.tensor([row])).logits[0]
        trained = [i for i in range(len(row) - 1) if i + 1 >= (4 if len(row) > 4 else 2)]
        losses.append(torch.nn.functional.cross_entropy(logits[trained], torch.tensor([row[i + 1] for i in trained]),
                                                        reduction='none'))
        padded.append(torch.nn.functional.pad(logits, (0, 0, 0, WIDTH - len(row))))
    return torch.stack(padded), torch.cat(losses).mean()


for name, (config, lora) in VARIANTS.items():
    if sys.argv[1:] and name not in sys.argv[1:]:
        continue
    torch.manual_seed(11)
    config._attn_implementation = 'eager'
    model = AutoModelForCausalLM.from_config(config).float().eval()
    with torch.no_grad():
        for p in model.parameters():
            p.add_(torch.randn_like(p) * 0.2)
    os.makedirs(name, exist_ok=True)
    model.save_pretrained(name, max_shard_size='6KB' if name == 'mistral_window' else '1GB')
    ids = torch.zeros(2, WIDTH, dtype=torch.long)
    labels = torch.full((2, WIDTH), -100)
    for i, row in enumerate(ROWS):
        ids[i, :len(row)] = torch.tensor(row)
        first = 4 if len(row) > 4 else 2
        labels[i, first:len(row)] = torch.tensor(row[first:])
    out = dict(input_ids=ids, attention_mask=(ids != 0).long(), labels=labels)
    logits, loss = run(model)
    out.update(logits=logits.detach(), loss=loss.detach().reshape(1))
    tuned = get_peft_model(model, LoraConfig(task_type='CAUSAL_LM', **lora)).eval()
    with torch.no_grad():
        for n, p in tuned.named_parameters():
            if 'lora_B' in n:
                p.copy_(torch.randn_like(p) * 0.1)
            if 'modules_to_save' in n:
                p.add_(torch.randn_like(p) * 0.1)
            if 'magnitude' in n:
                p.mul_(1 + 0.2 * torch.randn_like(p))
    tuned.save_pretrained(name + '/adapter')
    logits, loss = run(tuned)
    loss.backward()
    out.update(lora_logits=logits.detach(), lora_loss=loss.detach().reshape(1))
    trained = {n.replace('.modules_to_save', '').replace('.default', '').replace('magnitude_vector.weight', 'magnitude_vector'): p for n, p in tuned.named_parameters() if p.requires_grad}
    out.update({'grad.' + n: p.grad.clone() for n, p in trained.items()})
    optimizer = torch.optim.AdamW(trained.values(), lr=1e-3, weight_decay=0.01)
    out['grad_norm'] = torch.nn.utils.clip_grad_norm_(trained.values(), 1.0).reshape(1)
    optimizer.step()
    out.update({'after1.' + n: p.detach().clone() for n, p in trained.items()})
    out['merged_after1_logits'] = run(tuned.merge_and_unload())[0].detach()
    save_file({k: v.contiguous() for k, v in out.items()}, name + '/golden.safetensors')
    print(name, float(out['loss']), float(out['lora_loss']), float(out['grad_norm']), sorted(os.listdir(name)))
