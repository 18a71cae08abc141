"""Singular values of every matrix of the corpus by numpy.linalg.svd (numpy 2.4.6, float64), into spectra.json.

    npm run build && npx esbuild test/corpus/dumpMatrices.ts --bundle --platform=node --format=esm \\
        --packages=external --define:import.meta.dirname='"test/corpus"' --outfile=dist/dumpMatrices.mjs
    node dist/dumpMatrices.mjs matrices.jsonl
    python3 test/corpus/make_spectra.py matrices.jsonl
"""
import json
import sys
from pathlib import Path

import numpy as np

spectra = {}
for line in Path(sys.argv[1]).read_text().splitlines():
    entry = json.loads(line)
    matrix = np.array(entry["data"], dtype=np.float64).reshape(entry["rows"], entry["columns"])
    spectra[entry["name"]] = np.linalg.svd(matrix, compute_uv=False).tolist()
target = Path(__file__).parent / "spectra.json"
target.write_text(json.dumps(spectra, indent=0, ensure_ascii=False).replace(",\n", ",") + "\n")
print(f"{len(spectra)} matrices")
