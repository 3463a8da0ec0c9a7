# Every target first installs what the machine lacks (scripts/bootstrap.sh) and says what it does.

SWIFT ?= swift
export SWIFT

.DEFAULT_GOAL := help
.PHONY: help bootstrap build demo test lint bench samples clean

help: ## Show this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

bootstrap: ## Install the system libraries that are missing
	@scripts/bootstrap.sh build

build: bootstrap ## Build the program, optimised, as .build/release/scribe
	$(SWIFT) build -c release --product scribe

demo: build ## Read samples/ with the bundled models and check what they read
	@scripts/demo.sh

test: bootstrap ## Run the whole suite in release, its fast part in debug, the kernels on every instruction set
	@scripts/test.sh

lint: ## Check format, file lengths and what the repository holds
	@scripts/lint.sh

bench: bootstrap ## Time Scribe beside other libraries for hours, then write docs/Benchmarks.md
	$(SWIFT) build -c release --product scribe-bench
	@bench/run.sh

samples: ## Make samples/ again: recordings, pictures of handwriting, pen strokes
	@scripts/make-samples.sh
	@scripts/make-line-samples.sh
	@scripts/make-digit-samples.sh
	@scripts/make-stroke-samples.py

clean: ## Remove everything that was built
	rm -rf .build
