# SPDX-License-Identifier: GPL-2.0-only
# The front door. `make help` lists what there is.

SHELL := /bin/bash
.DEFAULT_GOAL := help

# KERNEL names a Debian kernel that is fetched for the guest; KERNELDIR a kernel tree or its headers.
choice := $(if $(KERNEL),--kernel $(KERNEL))$(if $(KERNELDIR), --kerneldir $(KERNELDIR))

##@ Use
.PHONY: module
module: ## build etun.ko: [KERNEL=6.1|6.12] or [KERNELDIR=...]; the running kernel where its headers are
	@src/build $(choice) $(if $(LTO),--lto $(LTO))

.PHONY: help
help:
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
