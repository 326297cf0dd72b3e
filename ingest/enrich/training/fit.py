"""Fits the network to the corpora: epochs, batches, an average of the weights, checkpoints."""

from __future__ import annotations

import math
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from ingest.enrich.recogniser.decoding import INSIDE, LABELS, names_in
from ingest.enrich.recogniser.windows import windows_of
from ingest.enrich.training.augment import augment
from ingest.enrich.training.corpora import WEIGHTS, Document, Sentence, text_of
from ingest.enrich.training.network import MASK, NEW, Network

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from ingest.enrich.recogniser.windows import Window
    from ingest.enrich.training.network import Plan

NUMBER = {label: number for number, label in enumerate(LABELS)}
IGNORED, FIRST_WORD_PIECE = -100, 999
BUNDLE = 4
POOL = 40


@dataclass(frozen=True, kw_only=True)
class Options:
    """How to train; `minutes` bounds the time, and the rate then falls with the clock."""

    epochs: int = 4
    rate: float = 1.5e-4
    new_rate: float = 8e-4
    warm: float = 0.08
    decay: float = 0.01
    batch: int = 1536
    masked: float = 0.06
    average: float = 0.995
    minutes: float = math.inf
    seed: int = 1
    bf16: bool = False


@dataclass(frozen=True, kw_only=True)
class Example:
    """A window with the labels of its judged units, and the probabilities (units, labels) a teacher gives.

    Of both the mean is learnt; a label `IGNORED` or the lack of either leaves the other alone.
    """

    window: Window
    labels: list[int]
    taught: np.ndarray | None = None


def examples_of(sentences: Sequence[Sentence]) -> Iterator[Example]:
    """Yield the windows of a document with labels."""
    text, spans = text_of(sentences)
    begins = {start: label for start, _, label in spans}
    inside = {place: label for start, end, label in spans for place in range(start + 1, end)}
    for window in windows_of(text):
        labels = [
            NUMBER[f"B-{begins[unit.start]}"]
            if unit.start in begins
            else NUMBER[f"I-{inside[unit.start]}"]
            if unit.start in inside
            else 0
            for unit in window.units
        ]
        # A name that is not judged from its beginning teaches nothing.
        inner = zip(labels, window.breaks, strict=True)
        labels = [IGNORED if broken and label and INSIDE[label] else label for label, broken in inner]
        yield Example(window=window, labels=labels)


def epoch_of(documents: Iterable[Document], random: Random) -> list[Example]:
    """Return an epoch's examples: each document as often as its corpus weighs, changed at random."""
    alone: dict[str, list[Sentence]] = defaultdict(list)
    chosen: list[list[Sentence]] = []
    for document in documents:
        weight = WEIGHTS[document.source]
        for _ in range(int(weight) + (random.random() < weight % 1)):
            if len(document.sentences) == 1:
                alone[document.source].append(document.sentences[0])
            else:
                chosen.append(list(document.sentences))
    for sentences in alone.values():
        random.shuffle(sentences)
        chosen += [sentences[start : start + BUNDLE] for start in range(0, len(sentences), BUNDLE)]
    return [example for each in chosen for example in examples_of(augment(each, random)) if example.labels]


def batches_of(examples: list[Example], size: int, random: Random) -> list[list[Example]]:
    """Return batches of examples of like length, of at most `size` pieces with padding."""
    random.shuffle(examples)
    batches: list[list[Example]] = []
    for start in range(0, len(examples), POOL * 8):
        batch: list[Example] = []
        for example in sorted(examples[start : start + POOL * 8], key=lambda each: len(each.window.pieces)):
            if batch and len(example.window.pieces) * (len(batch) + 1) > size:
                batches.append(batch)
                batch = []
            batch.append(example)
        batches.append(batch)
    random.shuffle(batches)
    return batches


def tensors_of(batch: Sequence[Example]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return pieces, shapes and kept positions of a batch, padded."""
    length = max(len(each.window.pieces) for each in batch)
    kept = max(len(each.window.keep) for each in batch)
    pieces, shapes = (np.zeros((len(batch), length), np.int64) for _ in range(2))
    keep = np.full((len(batch), kept), -1, np.int64)
    for row, each in enumerate(batch):
        pieces[row, : len(each.window.pieces)] = each.window.pieces
        shapes[row, : len(each.window.shapes)] = each.window.shapes
        keep[row, : len(each.window.keep)] = each.window.keep
    return torch.from_numpy(pieces), torch.from_numpy(shapes), torch.from_numpy(keep)


def targets_of(batch: Sequence[Example]) -> torch.Tensor:
    """Return the probabilities to be learnt (batch, kept, labels); nought where nothing is to be learnt."""
    kept = max(len(each.window.keep) for each in batch)
    targets = np.zeros((len(batch), kept, len(LABELS)), np.float32)
    for row, each in enumerate(batch):
        for place, label in enumerate(each.labels):
            if label != IGNORED:
                targets[row, place, label] = 1
        if each.taught is not None:
            targets[row, : len(each.taught)] += each.taught
    return torch.from_numpy(targets / np.maximum(targets.sum(axis=2, keepdims=True), 1))


def fit(
    network: Network,
    parts: Mapping[str, Sequence[Document]],
    out: Path,
    options: Options,
    lessons: Sequence[Example] = (),
) -> dict[str, torch.Tensor]:
    """Train on `parts["train"]`, print scores on `parts["dev"]`, and return the averaged weights.

    Each epoch reads the `lessons` too. A checkpoint `epoch-N.pt` of the averaged weights is written after it.
    """
    random = Random(options.seed)
    torch.manual_seed(options.seed)
    batches = batches_of([*lessons, *epoch_of(parts["train"], random)], options.batch, random)
    steps = int(len(batches) * options.epochs * 1.01)
    optimizer = _optimizer(network, options)
    average = {name: value.detach().clone() for name, value in network.state_dict().items()}
    started = time.monotonic()
    step = 0
    for epoch in range(1, options.epochs + 1):
        network.train()
        losses = 0.0
        for number, batch in enumerate(batches, 1):
            done = max(step / steps, (time.monotonic() - started) / (60 * options.minutes))
            if done >= 1:
                break
            for group in optimizer.param_groups:
                group["lr"] = group["initial_lr"] * _rate(done, options.warm)
            losses += _step(network, batch, optimizer, options)
            step += 1
            keep = min(options.average, (step + 1) / (step + 10))
            for name, value in network.state_dict().items():
                average[name].lerp_(value, 1 - keep)
            if number % 50 == 0:
                pace = (time.monotonic() - started) / step
                loss = losses / number
                print(f"{epoch}: {number}/{len(batches)} loss {loss:.4f}, {pace:.2f} s", flush=True)
                torch.save(average, out / "latest.pt")
        torch.save(average, out / f"epoch-{epoch}.pt")
        print(f"epoch {epoch}: {_scores(average, parts['dev'], network.plan)}", flush=True)
        if epoch < options.epochs:
            batches = batches_of([*lessons, *epoch_of(parts["train"], random)], options.batch, random)
    return average


def _rate(done: float, warm: float) -> float:
    return min(1.0, done / warm) * max(0.0, 1.0 - done)


def _optimizer(network: Network, options: Options) -> torch.optim.Optimizer:
    groups: dict[bool, list[torch.nn.Parameter]] = {True: [], False: []}
    for name, parameter in network.named_parameters():
        if parameter.requires_grad:
            groups[name.split(".")[0] in NEW].append(parameter)
    rates = [
        {"params": groups[new], "lr": rate, "initial_lr": rate}
        for new, rate in ((True, options.new_rate), (False, options.rate))
    ]
    return torch.optim.AdamW(rates, weight_decay=options.decay, betas=(0.9, 0.98), fused=True)


def _step(
    network: Network, batch: Sequence[Example], optimizer: torch.optim.Optimizer, options: Options
) -> float:
    pieces, shapes, keep = tensors_of(batch)
    targets = targets_of(batch)
    hidden = (torch.rand(pieces.shape) < options.masked) & (pieces >= FIRST_WORD_PIECE)
    with torch.autocast("cpu", torch.bfloat16, enabled=options.bf16):
        scores = network(pieces.masked_fill(hidden, MASK), shapes, keep).float()
    loss = -(targets * functional.log_softmax(scores, dim=2)).sum() / targets.sum()
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()
    return float(loss.item())


def _scores(weights: Mapping[str, torch.Tensor], documents: Iterable[Document], plan: Plan) -> str:
    """Return precision, recall and F1 of exact spans of people, organisations and places by source."""
    network = Network(plan)
    network.load_state_dict(weights)
    network.eval()
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for document in documents:
        text, spans = text_of(document.sentences)
        wanted = {span for span in spans if span[2] != "MISC"}
        found = {each for each in predict(network, text) if each[2] != "MISC"}
        for name in (document.source, "all"):
            counts[name] += Counter(right=len(wanted & found), found=len(found), wanted=len(wanted))
    return ", ".join(
        f"{name} P {100 * each['right'] / max(each['found'], 1):.1f}"
        f" R {100 * each['right'] / max(each['wanted'], 1):.1f}"
        f" F {200 * each['right'] / max(each['found'] + each['wanted'], 1):.1f}"
        for name, each in sorted(counts.items())
    )


def predict(network: Network, text: str) -> list[tuple[int, int, str]]:
    """Return the names that a network finds in a text, without any second thoughts."""
    names = []
    with torch.inference_mode():
        for window in windows_of(text):
            if window.keep:
                arrays = tensors_of([Example(window=window, labels=[])])
                scores = network(*arrays)[0].numpy()
                names += [(each.start, each.end, each.label) for each in names_in(window, scores)]
    return names
