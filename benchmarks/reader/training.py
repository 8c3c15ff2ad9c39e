r"""Train what the reader adds to the packaged model.

    python -m benchmarks.reader.training --out reader.npz [--steps 2000] [--first reader.npz]

Low-rank additions (LoRA, Hu et al. 2021, arXiv:2106.09685; rank 32) to the six linear maps of each layer, a vector for
what is said rather than asked, and a head on the mean vector of each sentence. The loss is the negative log-likelihood
of the sentences that answer, under a softmax over those of three passages and "none of them", whose logit is 0
(Devlin et al. 2019, section 4.3). A question comes with a passage that answers and others of its excerpt that are near
it or, one time in four, without its answer, which then is "none of them"; so a model can't learn from the words of the
question alone. One question in seven, unless it asks for what was said on a matter, is put to the nearest passages of
other talks, and one text in twenty-five is no question that any talk answers (`of_no_use.txt`): "none of them" too.
Of talks every n-th excerpt is taken in, another with another seed (`--talks-every`): invented texts are nearer to what
people ask about. A thousand steps take about half an hour on two cores with AVX512-BF16; what was learnt is written
every 200. Needs PyTorch.
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from transformers import BertModel

from benchmarks.reader.questions import OF_NO_USE_TEXTS, Asked, Excerpt, Passage, excerpts
from rag.embedding import open_embedder, packaged_model_folder
from rag.embedding.model_files import ModelFiles
from rag.reading.reader import padded
from rag.reading.window import Encoded, encode

RANK, HIDDEN = 32, 128
QUESTIONS_A_STEP, PASSAGES_A_QUESTION, ROWS_AT_ONCE = 12, 3, 12
RATE, LAST_RATE, WARM_STEPS = 8e-4, 0.04, 20
"""Of learning: at most, if not told otherwise, and the share of it at the end."""
WITHOUT_ANSWER, WITHOUT_ASKED, FROM_OTHERS = 0.25, 0.15, 0.35
"""How often a question comes without its answer, a passage without what was asked, and another talk's passage comes."""
ELSEWHERE, ELSEWHERE_IN_OTHER_WORDS, OF_NO_USE = 0.15, 0.3, 0.04
"""How often a question is put to other texts only; the same of those over invented texts that are in other words, whose
manner would else tell that there is an answer; and how often a text is none that any talk answers."""
NEAREST, NEAREST_ELSEWHERE = 4, 8
SAID_EVERY, WRITTEN_EVERY = 20, 200
"""Steps."""
EACH_ALONE = 0.15
"""Weight of the loss of each sentence by itself, which keeps the logits' scale."""
MASKED = -1e4


class Added(nn.Module):
    """A linear map that stays, and what is added to it."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.linear = linear
        self.a = nn.Parameter(torch.randn(RANK, linear.in_features) / linear.in_features**0.5)
        self.b = nn.Parameter(torch.zeros(linear.out_features, RANK))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return W·x + b·a·x."""
        low = functional.linear(x, self.a.bfloat16())
        out: torch.Tensor = self.linear(x) + functional.linear(low, self.b.bfloat16())
        return out


class Model(nn.Module):
    """The reader in PyTorch; what is not trained is kept in bfloat16."""

    def __init__(self) -> None:
        super().__init__()
        self.bert: Any = BertModel.from_pretrained(str(packaged_model_folder()), add_pooling_layer=False)
        self.bert.requires_grad_(requires_grad=False).bfloat16()
        self.added = nn.ModuleDict()
        for number, layer in enumerate(self.bert.encoder.layer):
            for path in LINEAR:
                parent, _, name = path.rpartition(".")
                owner = layer.get_submodule(parent)
                setattr(owner, name, Added(getattr(owner, name)))
                self.added[f"encoder.layer.{number}.{path}".replace(".", "/")] = getattr(owner, name)
        self.said = nn.Parameter(torch.zeros(self.bert.config.hidden_size))
        self.head = nn.Sequential(nn.Linear(self.bert.config.hidden_size, HIDDEN), nn.GELU(), nn.Linear(HIDDEN, 1))

    def forward(self, rows: Sequence[Encoded]) -> torch.Tensor:
        """Return logits, shape (rows, most sentences), those of none `MASKED`."""
        most = max(1, *(len(row.places) for row in rows))
        order = sorted(range(len(rows)), key=lambda place: -len(rows[place].ids))
        found = torch.full((len(rows), most), MASKED)
        for start in range(0, len(order), ROWS_AT_ONCE):
            places = order[start : start + ROWS_AT_ONCE]
            found = found.index_copy(0, torch.tensor(places), self._logits([rows[p] for p in places], most))
        return found

    def _logits(self, rows: Sequence[Encoded], most: int) -> torch.Tensor:
        ids, mask, types, shares = (torch.from_numpy(part) for part in padded(rows))
        parts = self.bert.embeddings
        x = (
            parts.word_embeddings(ids)
            + parts.position_embeddings.weight[: ids.shape[1]]
            + parts.token_type_embeddings.weight[0]
        )
        x = parts.LayerNorm(x + (types[..., None] * self.said).bfloat16())
        bias = ((1 - mask)[:, None, None, :] * MASKED).bfloat16()
        for layer in self.bert.encoder.layer:
            out = layer(x, attention_mask=bias)
            x = out[0] if isinstance(out, tuple) else out
        logits: torch.Tensor = self.head(shares @ x.float()).squeeze(-1)
        logits = logits.masked_fill(shares.sum(-1) == 0, MASKED)
        return functional.pad(logits, (0, most - logits.shape[1]), value=MASKED)

    def weights(self) -> dict[str, np.ndarray[Any, Any]]:
        """Return what was trained, under the names that `rag.reading.reader.adapted` takes."""
        kept = {
            f"{path.replace('/', '.')}.{part}": getattr(added, part)
            for path, added in self.added.items()
            for part in ("a", "b")
        }
        first = self.bert.embeddings.token_type_embeddings.weight[0].float()
        kept["embeddings.token_type_embeddings.weight"] = torch.stack([first, first + self.said])
        kept |= {f"head.{name}": tensor for name, tensor in self.head.named_parameters()}
        return {name: tensor.detach().float().numpy().astype(np.float16) for name, tensor in kept.items()}

    def take(self, file: Path) -> None:
        """Go on from what was trained before."""
        with np.load(file) as found, torch.no_grad():
            for path, added in self.added.items():
                for part in ("a", "b"):
                    getattr(added, part).copy_(torch.tensor(found[f"{path.replace('/', '.')}.{part}"]))
            types = torch.tensor(found["embeddings.token_type_embeddings.weight"]).float()
            self.said.copy_(types[1] - types[0])
            for name, tensor in self.head.named_parameters():
                tensor.copy_(torch.tensor(found[f"head.{name}"]))


LINEAR = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)


@dataclass(frozen=True, slots=True)
class _Lesson:
    asked: Asked
    excerpt: Excerpt
    others: list[Passage]
    """Near passages of other talks."""


def lessons(found: Sequence[Excerpt]) -> list[_Lesson]:
    """Return each question with its excerpt and the nearest passages of other episodes."""
    passages = [(each.family, passage) for each in found for passage in each.passages]
    vectors = np.stack([passage.vector for _, passage in passages])
    made = []
    for each in found:
        for asked in each.questions:
            near = np.argsort(-(vectors @ asked.vector))[: 10 * NEAREST]
            # What was written together may answer each other's questions.
            others = [passages[place][1] for place in near if passages[place][0] != each.family]
            if asked.kind == "broad":  # another talk may answer it too
                others = others[NEAREST_ELSEWHERE:]
            made.append(_Lesson(asked, each, others[:NEAREST_ELSEWHERE]))
    return made


def drawn(lesson: _Lesson, rng: random.Random) -> list[Passage]:
    """Return the passages that a question comes with this time."""
    asked = lesson.asked
    ordered = sorted(lesson.excerpt.passages, key=lambda passage: -float(passage.vector @ asked.vector))
    answering = [passage for passage in ordered if asked.gold.intersection(passage.places)]
    silent = [passage for passage in ordered if not asked.gold.intersection(passage.places)][:NEAREST]
    if len(silent) >= PASSAGES_A_QUESTION - 1 and rng.random() < WITHOUT_ANSWER:
        answering = []
    kept = rng.sample(answering, min(len(answering), PASSAGES_A_QUESTION - 1))
    wanted = PASSAGES_A_QUESTION - len(kept)
    own = max(1, wanted - (rng.random() < FROM_OTHERS))
    kept += rng.sample(silent, min(len(silent), own))
    return kept + [rng.choice(lesson.others) for _ in range(PASSAGES_A_QUESTION - len(kept))]


class Trainer:
    """Takes steps."""

    def __init__(self, model: Model, seed: int) -> None:
        self._model = model
        self._rng = random.Random(seed)
        self._pieces: Any = ModelFiles(packaged_model_folder()).tokenizer()
        self._ids = lru_cache(maxsize=None)(self._ids_of)
        self._of_no_use = OF_NO_USE_TEXTS.read_text(encoding="utf-8").splitlines()

    def loss(self, batch: Sequence[_Lesson]) -> torch.Tensor:
        """Return the mean loss of questions."""
        rows, answers, counted = [], [], []
        for lesson in batch:
            question, passages = self._asked(lesson)
            for passage in passages:
                # A place is told by turn and start: that of another talk may have the same.
                own = passage.episode == lesson.excerpt.episode and question == lesson.asked.question
                rows.append(self._encoded(question, passage))
                answers.append([own and place in lesson.asked.gold for place in passage.places])
                counted.append([not own or place not in lesson.asked.also for place in passage.places])
        logits = self._model(rows)
        right, counts = (_padded(each, logits.shape[1]) for each in (answers, counted))
        counts &= logits > MASKED
        right &= counts
        each_alone = functional.binary_cross_entropy_with_logits(
            logits[counts], right[counts].float(), reduction="sum"
        ) / len(batch)
        joint = logits.masked_fill(~counts, MASKED).view(len(batch), -1)
        chances = functional.log_softmax(torch.cat([joint, torch.zeros(len(batch), 1)], 1), -1)
        of_question = right.view(len(batch), -1)
        number = of_question.sum(1)
        told = -(chances[:, :-1].masked_fill(~of_question, 0)).sum(1) / number.clamp(min=1)
        return torch.where(number > 0, told, -chances[:, -1]).mean() + EACH_ALONE * each_alone

    def batches(self, found: Sequence[_Lesson]) -> Iterator[list[_Lesson]]:
        """Yield batches without end."""
        while True:
            kept = self._rng.sample(found, len(found))
            for start in range(0, len(kept) - QUESTIONS_A_STEP, QUESTIONS_A_STEP):
                yield kept[start : start + QUESTIONS_A_STEP]

    def _asked(self, lesson: _Lesson) -> tuple[str, list[Passage]]:
        """Return what is asked this time, and what it is put to."""
        chance = self._rng.random()
        if chance < OF_NO_USE:
            passages = [*lesson.excerpt.passages, *lesson.others]
            return self._rng.choice(self._of_no_use), self._rng.sample(passages, PASSAGES_A_QUESTION)
        in_other_words = lesson.excerpt.genre != "talk" and lesson.asked.kind == "other"
        elsewhere = ELSEWHERE_IN_OTHER_WORDS if in_other_words else ELSEWHERE
        if chance < OF_NO_USE + elsewhere and lesson.asked.kind != "broad":
            return lesson.asked.question, self._rng.sample(lesson.others, PASSAGES_A_QUESTION)
        return lesson.asked.question, drawn(lesson, self._rng)

    def _encoded(self, question: str, passage: Passage) -> Encoded:
        window = passage.window
        if self._rng.random() < WITHOUT_ASKED:
            window = type(window)(asked="", stretches=window.stretches)
        return encode(self._ids(question), window, self._ids)

    def _ids_of(self, text: str) -> list[int]:
        found: list[int] = self._pieces.encode(text, add_special_tokens=False).ids
        return found


def _padded(rows: Sequence[Sequence[bool]], width: int) -> torch.Tensor:
    found = torch.zeros(len(rows), width, dtype=torch.bool)
    for number, row in enumerate(rows):
        found[number, : len(row)] = torch.tensor(row[:width], dtype=torch.bool)
    return found


def main() -> None:
    """Train, and write what was trained."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--first", type=Path, help="go on from this file")
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--talks-every", type=int, default=1)
    parser.add_argument("--rate", type=float, default=RATE, help="of learning, at most")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    model = Model()
    if options.first:
        model.take(options.first)
    trainer = Trainer(model, options.seed)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=options.rate, weight_decay=0.01)
    talks = slice(options.seed % options.talks_every, None, options.talks_every)
    found = lessons(list(excerpts("fitted", open_embedder(), talks=talks)))
    print(f"{len(found)} questions, {sum(p.numel() for p in trained)} numbers to learn", flush=True)
    losses: list[float] = []
    for step, batch in zip(range(options.steps), trainer.batches(found), strict=False):
        rate = min(1, (step + 1) / WARM_STEPS) * (1 - (1 - LAST_RATE) * step / options.steps)
        for group in optimizer.param_groups:
            group["lr"] = options.rate * rate
        loss = trainer.loss(batch)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        losses.append(loss.item())
        if len(losses) % SAID_EVERY == 0:
            print(f"step {step + 1}: loss {np.mean(losses[-SAID_EVERY:]):.3f}", flush=True)
        if len(losses) % WRITTEN_EVERY == 0 or len(losses) == options.steps:
            np.savez_compressed(options.out, allow_pickle=False, **model.weights())


if __name__ == "__main__":
    main()
