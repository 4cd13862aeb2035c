"""Times plain torch operations for the work that Interp.Gpu.Checks times, in the same run on the same GPU, and adds milliseconds to a JSON file.

baselines.py FILE.json [step] [cosines] [rows] [sparse] [pairs]
"""
import json
import math
import sys

import torch
import torch.nn.functional as F

dev = torch.device("cuda")


def median(work, repeats=15, warm=3):
    for _ in range(warm):
        work()
    times = []
    for _ in range(repeats):
        a, b = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        a.record()
        work()
        b.record()
        b.synchronize()
        times.append(a.elapsed_time(b))
    return sorted(times)[repeats // 2]


@torch.no_grad()
def rows():
    n, d = 16384, 4096
    x, y, m = (torch.randn(n, d, device=dev) for _ in range(3))
    w, b = torch.randn(d, device=dev), torch.randn(d, device=dev)
    found = {}

    # Compositions: each gives what the kernel gives, the divisor and the finished scores included.
    def layer_norm():
        c = x - x.mean(-1, keepdim=True)
        s = (c.square().mean(-1, keepdim=True) + 1e-5).sqrt()
        n = c / s
        return n * w + b

    found["layer_norm"] = min(median(layer_norm), median(lambda: F.layer_norm(x, (d,), w, b, 1e-5)))
    found["gated_gelu"] = median(lambda: F.gelu(x, approximate="tanh") * y)
    found["masked_softmax"] = median(lambda: torch.softmax(x * 0.125 + m, -1))
    v = torch.ones(n, d, device=dev)

    def adam():
        g = y - (y * x).sum(1, keepdim=True) * x
        v.mul_(0.999).addcmul_(g, g, value=0.001)
        x.addcdiv_(g, v.sqrt().add_(1e-8), value=-1e-9)
        x.div_(x.norm(dim=1, keepdim=True))

    found["unit_adam"] = median(adam)
    return found


@torch.no_grad()
def step():
    n, d, latents = 8192, 2304, 65536
    bf = torch.bfloat16
    x = torch.randn(n, d, device=dev, dtype=bf)
    enc, dec = (torch.randn(latents, d, device=dev, dtype=bf) / d**0.5 for _ in range(2))
    ve, vd = torch.zeros(latents, d, device=dev), torch.zeros(latents, d, device=dev)

    def one():
        z = x @ enc.T
        f = torch.where(z > 3.0973, z, torch.zeros_like(z))
        g = (f @ dec - x) * (2 / n)
        df = torch.where(z > 3.0973, g @ dec.T, torch.zeros_like(z))
        gd, ge = f.T @ g, df.T @ x
        gd = gd - (gd * dec).sum(1, keepdim=True) * dec
        for w, v, q in ((enc, ve, ge), (dec, vd, gd)):
            q = q.float()
            v.mul_(0.999).addcmul_(q, q, value=0.001)
            w.copy_(w - 0 * q / (v.sqrt() + 1e-8))
        dec.div_(dec.norm(dim=1, keepdim=True))

    return {"sae_step": median(one, repeats=5), "encoder_product": median(lambda: x @ enc.T)}


@torch.no_grad()
def cosines():
    n, d, tile = 128000, 4096, 8000
    w = torch.randn(n, d, device=dev, dtype=torch.bfloat16) / d**0.5
    counts = torch.zeros(8192, device=dev)

    def histogram():
        for i in range(0, n, tile):
            for j in range(i, n, tile):
                counts.add_(torch.histc((w[i : i + tile] @ w[j : j + tile].T).float(), 8192, -1, 1))

    return {"cosine_histogram": median(histogram, repeats=1, warm=1)}


@torch.no_grad()
def sparse():
    rows, width, latents, each = 4096, 1024, 16384, 32
    z = torch.randn(rows, latents, device=dev)
    bias, theta = torch.zeros(latents, device=dev), torch.full((latents,), 2.9, device=dev)  # about 32 above it a row

    def codes():
        over = z + bias - theta
        places = ((over > 0) | (over.abs() < 0.1)).nonzero()
        return places, (z + bias)[places[:, 0], places[:, 1]]

    chosen = torch.randint(latents, (rows * each,), device=dev)
    offsets = torch.arange(0, rows * each, each, device=dev)
    value = torch.randn(rows * each, device=dev)
    row = torch.arange(rows, device=dev).repeat_interleave(each)
    dec, x, g = torch.randn(latents, width, device=dev), torch.randn(rows, width, device=dev), torch.randn(rows, width, device=dev)
    b = torch.zeros(width, device=dev)

    def gradient():
        gathered = g[row]
        df = (gathered * dec[chosen]).sum(1)
        by_dec = torch.zeros_like(dec).index_add_(0, chosen, gathered * value[:, None])
        by_enc = torch.zeros_like(dec).index_add_(0, chosen, x[row] * df[:, None])
        by_bias = torch.zeros(latents, device=dev).index_add_(0, chosen, df)
        return by_dec, by_enc, by_bias, torch.bincount(chosen, minlength=latents)

    return {
        "threshold_codes": median(codes),
        "sparse_decode": median(lambda: F.embedding_bag(chosen, dec, offsets, mode="sum", per_sample_weights=value) + b - x),
        "sparse_gradient": median(gradient),
    }


@torch.no_grad()
def pairs():
    side, rows, width, kept = 8192, 4096, 64, 16
    tile = torch.randn(side, side, device=dev) * 0.1

    def count():
        return torch.histc(tile, 8192, -1, 1), tile.min(), tile.max(0), tile.max(1), (tile > 0.1).sum(), (tile.abs() > 0.1).sum()

    a = torch.randn(rows, width, device=dev)
    exact = a.double()
    px, py = (torch.randn(200_000, device=dev, dtype=torch.float64) for _ in range(2))
    turns = [(i * math.pi / 32) for i in range(32)]

    def bins(v):
        low, high = v.min(), v.max()
        return ((v - low) * (32 / (high - low))).floor().clamp_max(31).long()

    def rotations():
        return [torch.bincount(bins(px * math.cos(t) + py * math.sin(t)) * 32 + bins(py * math.cos(t) - px * math.sin(t)), minlength=1024) for t in turns]

    def nearest():
        distances = torch.cdist(a, a)
        distances.fill_diagonal_(float("inf"))
        return distances.topk(kept, largest=False)

    return {
        "cosine_tile": median(count),
        "top_k": median(nearest),
        "distances": median(lambda: torch.cdist(exact, exact, compute_mode="donot_use_mm_for_euclid_dist")),
        "rotations": median(rotations, repeats=5),
    }


parts = {"step": step, "cosines": cosines, "rows": rows, "sparse": sparse, "pairs": pairs}
path, *asked = sys.argv[1:]
result = {}
try:
    with open(path) as there:
        result = json.load(there)
except FileNotFoundError:
    pass
for name in asked or parts:
    try:
        result.update(parts[name]())
    except Exception as error:  # one part's failure is no reason to lose the others
        print(f"baselines: {name} failed: {error}", file=sys.stderr)
    # Written after each part, so that a run that is cut short leaves what it found.
    with open(path, "w") as out:
        json.dump(result, out)
    torch.cuda.empty_cache()
print("baselines of torch", torch.__version__, {k: round(v, 3) for k, v in result.items()})
