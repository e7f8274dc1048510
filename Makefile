# Set-up and the commands of README.md. `make demo` and `make test` work from nothing.

SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11,\
	$(shell $(name) -c "$(SUPPORTED)" 2>/dev/null && echo $(name))))
BIN := .venv/bin
READY := .venv/ready
TORCH := .venv/torch

.PHONY: demo accurate decided reproduce test quick test-peers test-chaos test-slurm lint docs bench clean scale

demo: $(READY)
	@$(BIN)/python -c "import gmsh" || { echo "The system libraries that gmsh needs are missing; see docs/install.md."; exit 1; }
	PATH="$(CURDIR)/$(BIN):$$PATH" snakemake --cores all --configfile workflow/studies/demo.yaml
	@echo "The report is in results/demo/report.html"

ACCURATE := snakemake --cores all --configfile workflow/studies/recipe.yaml
HELD_OUT := $(notdir $(wildcard workflow/studies/held_out/*.yaml))

accurate: $(TORCH)
	mkdir -p results
	$(BIN)/python docs/examples/hexagonal_cell.py results/hexagonal.msh
	$(BIN)/python docs/examples/two_fibre_sizes.py results/two_fibre_sizes.msh
	PATH="$(CURDIR)/$(BIN):$$PATH" $(ACCURATE) workflow/studies/accurate.yaml
	for study in $(HELD_OUT); do \
		PATH="$(CURDIR)/$(BIN):$$PATH" $(ACCURATE) workflow/studies/held_out.yaml \
			workflow/studies/held_out/$$study || exit 1; \
	done
	$(BIN)/python -m workflow.study.run.across results/accurate results/held_out_*

decided: $(TORCH)
	PATH="$(CURDIR)/$(BIN):$$PATH" $(ACCURATE) workflow/studies/recipe_claims.yaml
	PATH="$(CURDIR)/$(BIN):$$PATH" python -m workflow.study.run.decided workflow/studies/decided.yaml

reproduce: $(TORCH)
	PATH="$(CURDIR)/$(BIN):$$PATH" python -m workflow.study.run.reproduce $(MANIFEST)

test: $(TORCH) lint
	PATH="$(CURDIR)/$(BIN):$$PATH" pytest -n 2 --dist loadfile

quick: $(TORCH)
	PATH="$(CURDIR)/$(BIN):$$PATH" pytest -n 2 --dist loadfile --quick

test-peers: $(TORCH)
	tests/peers/build_calculix
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements-peers.lock
	OMP_NUM_THREADS=1 $(BIN)/pytest -s tests/peers

test-chaos: $(TORCH)
	PATH="$(CURDIR)/$(BIN):$$PATH" pytest -s tests/chaos

test-slurm: $(TORCH)
	@command -v slurmctld >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
		&& apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
			--no-install-recommends slurmctld slurmd slurm-client munge >/dev/null; } \
		|| { echo "Slurm is missing; install slurmctld, slurmd, slurm-client and munge."; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements-slurm.lock
	PATH="$(CURDIR)/$(BIN):$$PATH" pytest -s tests/slurm

lint: $(TORCH)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/mypy

docs: $(TORCH)
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements-docs.lock
	$(BIN)/sphinx-build --quiet --fresh-env --fail-on-warning --keep-going \
		--conf-dir docs/site --doctree-dir build/doctrees . build/docs
	$(BIN)/pytest --quiet tests/site
	@echo "The first page is build/docs/index.html"

bench: $(TORCH)
	OMP_NUM_THREADS=1 $(BIN)/pytest benchmarks

scale: $(TORCH)
	PYTHONPATH=.:tests/helpers:benchmarks OMP_NUM_THREADS=1 $(BIN)/python benchmarks/scale/measure.py

$(READY): requirements.lock pyproject.toml
	@$(or $(PYTHON),false) -c "$(SUPPORTED)" || { echo "Python 3.11, 3.12 or 3.13 is needed;" \
		"name one, as in make PYTHON=/path/to/python3.12"; exit 1; }
	$(PYTHON) -m venv --clear .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# PyTorch is for the studies that train or time with it, and for tests.
$(TORCH): $(READY) requirements-torch.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements-torch.lock
	touch $@

clean:
	rm -rf .venv .snakemake build results
