"""Writes numbers.json: floats and the bytes that gguf-py stores them as. Needs numpy and gguf."""
import json
import numpy as np
import gguf

random = np.random.default_rng(7)
rows = [random.normal(0, s, 64).astype("f4") for s in (1e-6, 0.02, 1.0, 300.0)]
rows.append(np.zeros(64, "f4"))
rows.append(np.linspace(-127, 127, 64).astype("f4"))
rows.append(np.concatenate([np.full(32, -0.5, "f4"), np.arange(32, dtype="f4") / 31]).astype("f4"))
cases = []
for row in rows:
    for kind in ("Q8_0", "F16", "BF16"):
        stored = gguf.quants.quantize(row.reshape(1, -1), getattr(gguf.GGMLQuantizationType, kind))
        cases.append({"type": kind, "bits": [int(b) for b in row.view("u4")], "bytes": stored.tobytes().hex()})
json.dump(cases, open("numbers.json", "w"), separators=(",", ":"))
