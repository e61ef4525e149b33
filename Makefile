# SPDX-License-Identifier: GPL-2.0-only
# The front door. `make help` lists what there is.

SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
.DEFAULT_GOAL := help

# KERNEL names a Debian kernel that is fetched for the guest; KERNELDIR a kernel tree or its headers.
choice := $(if $(KERNEL),--kernel $(KERNEL)) $(if $(KERNELDIR),--kerneldir $(KERNELDIR)) $(if $(LTO),--lto $(LTO))
release := $(shell uname -r)
DESTDIR ?=
moduledir := $(DESTDIR)/lib/modules/$(release)/updates

##@ Use
.PHONY: demo
demo: ## a guided tour with live traffic: on this machine where modules can be loaded, else in a guest
	@demo/run

.PHONY: module
module: ## build etun.ko: [KERNEL=6.1|6.12|newest] or [KERNELDIR=...]; the running kernel where its headers are
	@packaging/install build
	@src/build $(choice)

.PHONY: install
install: ## install etun.ko for the running kernel (as root), then: modprobe etun
	@packaging/install build
	@ko=$$(src/build --kerneldir /lib/modules/$(release)/build | tail -n 1) && \
		install -D -m 644 "$$ko" $(moduledir)/etun.ko && strip --strip-debug $(moduledir)/etun.ko && \
		depmod -a $(if $(DESTDIR),-b $(DESTDIR)) $(release) && \
		echo "module: installed $(moduledir)/etun.ko; load it with: modprobe etun"

.PHONY: uninstall
uninstall: ## unload etun and remove it from the running kernel's modules (as root)
	@if [ -z "$(DESTDIR)" ] && [ -d /sys/module/etun ]; then modprobe -r etun; fi
	@rm -f $(moduledir)/etun.ko && depmod -a $(if $(DESTDIR),-b $(DESTDIR)) $(release) && \
		echo "module: removed $(moduledir)/etun.ko"

.PHONY: shell
shell: ## a root shell in a guest with etun loaded: [KERNEL=6.1|6.12|newest]
	@packaging/install build guest
	@guest/run --kernel $(or $(KERNEL),6.12) --shell

##@ Work on it
.PHONY: check
check: ## all tests: [GROUPS="unit fuzz lint guest-6.1 guest-6.12"]
	@packaging/install build guest check
	@tests/check $(GROUPS)

.PHONY: lint
lint: ## formatting, static analysis, and the rules of the house
	@packaging/install build guest check
	@tests/check lint

.PHONY: clean
clean: ## remove what was built; what was downloaded stays (make distclean removes that too)
	@rm -rf build/module build/host build/check build/probe build/guest

.PHONY: distclean
distclean: ## remove everything under build/
	@rm -rf build

.PHONY: help
help: ## this list
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { printf "%s%s\n", n++ ? "\n" : "", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
