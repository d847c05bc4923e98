"""What the data-preparation notebook of OpenAI's cookbook computes for a chat file: format errors by kind, messages and tokens of
each example, tokens of its answers, and their distributions. Written from its description, to be timed beside `attune count`.

usage: notebook.py FILE O200K_RANKS      (the ranks are the .tiktoken file that the jtokkit library carries)
"""
import base64
import json
import sys
import time
from collections import Counter

import tiktoken

PATTERN = "|".join([
    r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?""",
    r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?""",
    r"""\p{N}{1,3}""", r""" ?[^\s\p{L}\p{N}]+[\r\n/]*""", r"""\s*[\r\n]+""", r"""\s+(?!\S)""", r"""\s+"""])


def encoding(ranks_file):
    ranks = {}
    with open(ranks_file, "rb") as lines:
        for line in lines:
            token, rank = line.split()
            ranks[base64.b64decode(token)] = int(rank)
    return tiktoken.Encoding("o200k_base", pat_str=PATTERN, mergeable_ranks=ranks,
                             special_tokens={"<|endoftext|>": 199999, "<|endofprompt|>": 200018})


def errors_of(dataset):
    errors = Counter()
    for example in dataset:
        if not isinstance(example, dict):
            errors["data_type"] += 1
            continue
        messages = example.get("messages")
        if not messages:
            errors["missing_messages_list"] += 1
            continue
        for message in messages:
            if "role" not in message or "content" not in message:
                errors["message_missing_key"] += 1
            if any(key not in ("role", "content", "name", "function_call", "weight") for key in message):
                errors["message_unrecognized_key"] += 1
            if message.get("role") not in ("system", "user", "assistant", "function"):
                errors["unrecognized_role"] += 1
            if not message.get("content") or not isinstance(message.get("content"), str):
                errors["missing_content"] += 1
        if not any(message.get("role") == "assistant" for message in messages):
            errors["example_missing_assistant_message"] += 1
    return errors


def tokens_of(messages, encoder):
    count = 3
    for message in messages:
        count += 3
        for key, value in message.items():
            count += len(encoder.encode(value))
            if key == "name":
                count += 1
    return count


def answer_tokens_of(messages, encoder):
    return sum(len(encoder.encode(message["content"])) for message in messages if message["role"] == "assistant")


def main():
    encoder = encoding(sys.argv[2])
    encoder.encode("warm")
    began, began_cpu = time.perf_counter(), time.process_time()
    with open(sys.argv[1], encoding="utf-8") as lines:
        dataset = [json.loads(line) for line in lines]
    errors = errors_of(dataset)
    totals, answers = [], []
    for example in dataset:
        totals.append(tokens_of(example["messages"], encoder))
        answers.append(answer_tokens_of(example["messages"], encoder))
    totals.sort()
    print(json.dumps({"seconds": time.perf_counter() - began,
                      "cpu_seconds": time.process_time() - began_cpu, "rows": len(dataset), "total": sum(totals),
                      "trained": sum(answers), "median": totals[len(totals) // 2], "errors": dict(errors)}))


if __name__ == "__main__":
    main()
