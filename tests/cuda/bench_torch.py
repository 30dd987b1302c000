"""PyTorch on ResNet-34 for 32 x 32 images: eager, official-style masks and torch.compile, bfloat16 by autocast.

Prints rows of the table of lab_gpu_check: milliseconds a step, median of ten rounds.
"""
import statistics
import sys
import time

import torch
from torch import nn
import torch.nn.functional as F

BATCH, CLASSES, ROUNDS, STEPS, DENSITY = 128, 100, 10, 20, 0.1


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(outputs), nn.BatchNorm2d(outputs)
        self.shortcut = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + self.shortcut(x))


def resnet34():
    layers, inputs = [nn.Conv2d(3, 64, 3, 1, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU()], 64
    for outputs, blocks, stride in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)):
        for block in range(blocks):
            layers.append(Block(inputs, outputs, stride if block == 0 else 1))
            inputs = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, CLASSES, bias=False))


class Loop:
    def __init__(self, masked, compiled):
        self.model = resnet34().cuda().to(memory_format=torch.channels_last)
        self.forward = torch.compile(self.model) if compiled else self.model
        self.sgd = torch.optim.SGD(self.model.parameters(), 0.01, 0.9, weight_decay=5e-4, nesterov=True)
        self.masks = {}
        if masked:
            self.masks = {p: (torch.rand_like(p) < DENSITY).float() for p in self.model.parameters() if p.dim() > 1}
        self.images = torch.randn(BATCH * 8, 3, 32, 32, device="cuda").to(memory_format=torch.channels_last)
        self.labels = torch.randint(CLASSES, (BATCH * 8,), device="cuda")

    def step(self, i):
        at = (i % 8) * BATCH
        self.sgd.zero_grad()
        with torch.autocast("cuda", torch.bfloat16):
            loss = F.cross_entropy(self.forward(self.images[at:at + BATCH]), self.labels[at:at + BATCH])
        loss.backward()
        self.sgd.step()
        for p, mask in self.masks.items():
            p.data = p.data * mask
            state = self.sgd.state[p]
            state["momentum_buffer"] = state["momentum_buffer"] * mask

    def seconds(self):
        torch.cuda.synchronize()
        begin = time.perf_counter()
        for i in range(STEPS):
            self.step(i)
        torch.cuda.synchronize()
        return (time.perf_counter() - begin) / STEPS


def main():
    if not torch.cuda.is_available():
        print("no GPU for PyTorch", file=sys.stderr)
        return 77
    loops = {}
    for name, masked, compiled in (("PyTorch eager", False, False), ("PyTorch official-style masks", True, False),
                                   ("torch.compile", False, True)):
        try:
            loop = Loop(masked, compiled)
            for _ in range(3):
                loop.seconds()
            loops[name] = loop
        except Exception as failure:  # torch.compile wants a compiler and Triton, which not every machine has
            print(f"{name} does not run here: {str(failure).splitlines()[0]}", file=sys.stderr)
    times = {name: [] for name in loops}
    for _ in range(ROUNDS):
        for name, loop in loops.items():
            times[name].append(loop.seconds())
    print(f"\n| PyTorch {torch.__version__}, ResNet-34, 32 x 32 | ms a step |\n|---|---|")
    for name, values in times.items():
        print(f"| {name} | {1e3 * statistics.median(values):.3f} [{1e3 * min(values):.3f}, {1e3 * max(values):.3f}] |")
    return 0


sys.exit(main())
