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
# Where iproute2's `ip` looks for link kinds that it does not know.
plugindir ?= $(shell src/iproute2/build --folder)
prefix ?= /usr/local
# Only root can do anything but look with it.
bindir ?= $(prefix)/sbin
mandir ?= $(prefix)/share/man
includedir ?= $(prefix)/include
completiondir ?= $(prefix)/share/bash-completion/completions
# Where container runtimes look for plugins, as Debian's containernetworking-plugins has it.
cnidir ?= /usr/lib/cni
pyroute2dir ?= $(prefix)/share/etun/pyroute2

##@ Use
.PHONY: demo
demo: ## a guided tour with live traffic: on this machine where modules can be loaded, else in a guest
	@demo/run

.PHONY: module
module: ## build etun.ko: [KERNEL=6.1|6.12|newest|rt|arm64] or [KERNELDIR=...]; the running kernel where its headers are
	@packaging/install build
	@src/build $(choice)

.PHONY: plugin
plugin: ## build link_etun.so, which teaches `ip link` the type etun
	@packaging/install build
	@src/iproute2/build

.PHONY: tools
tools: ## build etunctl, which makes, shows and looks after pairs
	@packaging/install tools
	@src/etunctl/build

.PHONY: cni
cni: ## build the CNI plugin etun, which attaches containers (docs/cni.md)
	@packaging/install tools
	@src/cni/build

.PHONY: deb
deb: ## build the Debian packages etun-dkms, etun-utils and etun-cni into build/deb (docs/packages.md)
	@packaging/install deb
	@packaging/deb

.PHONY: install install-module install-plugin install-tools
install: install-module install-plugin install-tools ## install etun.ko for the running kernel, the plugin of ip, and etunctl (as root)
install-module:
	@packaging/install build
	@ko=$$(src/build --kerneldir /lib/modules/$(release)/build | tail -n 1) && \
		install -D -m 644 "$$ko" $(moduledir)/etun.ko && strip --strip-debug $(moduledir)/etun.ko && \
		depmod -a $(if $(DESTDIR),-b $(DESTDIR)) $(release) && \
		echo "module: installed $(moduledir)/etun.ko; load it with: modprobe etun"
install-plugin:
	@so=$$(src/iproute2/build | tail -n 1) && [ -n "$$so" ] && \
		install -D -m 644 "$$so" $(DESTDIR)$(plugindir)/link_etun.so && \
		install -D -m 644 docs/ip-link-etun.8 $(DESTDIR)$(mandir)/man8/ip-link-etun.8 && \
		echo "plugin: installed $(DESTDIR)$(plugindir)/link_etun.so"
install-tools:
	@packaging/install tools
	@program=$$(src/etunctl/build | tail -n 1) && [ -n "$$program" ] && \
		install -D -s -m 755 "$$program" $(DESTDIR)$(bindir)/etunctl && \
		install -D -m 644 packaging/etunctl.bash $(DESTDIR)$(completiondir)/etunctl && \
		install -D -m 644 docs/etunctl.8 $(DESTDIR)$(mandir)/man8/etunctl.8 && \
		install -D -m 644 docs/etun.conf.5 $(DESTDIR)$(mandir)/man5/etun.conf.5 && \
		install -D -m 644 docs/etun.4 $(DESTDIR)$(mandir)/man4/etun.4 && \
		install -D -m 644 src/uapi/etun.h $(DESTDIR)$(includedir)/etun.h && \
		echo "tools: installed $(DESTDIR)$(bindir)/etunctl"

.PHONY: install-cni install-pyroute2
install-cni: ## install the CNI plugin (as root): [cnidir=/usr/lib/cni]
	@packaging/install tools
	@program=$$(src/cni/build | tail -n 1) && [ -n "$$program" ] && \
		install -D -s -m 755 "$$program" $(DESTDIR)$(cnidir)/etun && \
		echo "cni: installed $(DESTDIR)$(cnidir)/etun"
install-pyroute2: ## install the file that teaches pyroute2 the kind etun (as root)
	@install -D -m 644 src/pyroute2/etun.py $(DESTDIR)$(pyroute2dir)/etun.py && \
		echo "pyroute2: installed $(DESTDIR)$(pyroute2dir)/etun.py"

.PHONY: uninstall uninstall-module uninstall-plugin uninstall-tools uninstall-cni uninstall-pyroute2
uninstall: uninstall-module uninstall-plugin uninstall-tools uninstall-cni uninstall-pyroute2 ## unload etun and remove what `make install` installed (as root)
uninstall-module:
	@if [ -z "$(DESTDIR)" ] && [ -d /sys/module/etun ]; then modprobe -r etun; fi
	@rm -f $(moduledir)/etun.ko && depmod -a $(if $(DESTDIR),-b $(DESTDIR)) $(release) && \
		echo "module: removed $(moduledir)/etun.ko"
uninstall-plugin:
	@rm -f $(DESTDIR)$(plugindir)/link_etun.so $(DESTDIR)$(mandir)/man8/ip-link-etun.8 && \
		echo "plugin: removed $(DESTDIR)$(plugindir)/link_etun.so"
uninstall-tools:
	@rm -f $(DESTDIR)$(bindir)/etunctl $(DESTDIR)$(completiondir)/etunctl $(DESTDIR)$(mandir)/man8/etunctl.8 \
		$(DESTDIR)$(mandir)/man5/etun.conf.5 $(DESTDIR)$(mandir)/man4/etun.4 \
		$(DESTDIR)$(includedir)/etun.h && \
		echo "tools: removed $(DESTDIR)$(bindir)/etunctl"

uninstall-cni:
	@rm -f $(DESTDIR)$(cnidir)/etun && echo "cni: removed $(DESTDIR)$(cnidir)/etun"
uninstall-pyroute2:
	@rm -f $(DESTDIR)$(pyroute2dir)/etun.py && echo "pyroute2: removed $(DESTDIR)$(pyroute2dir)/etun.py"

.PHONY: shell
shell: ## a root shell in a guest with etun loaded: [KERNEL=6.1|6.12|newest|rt|arm64]
	@packaging/install build guest
	@guest/run --kernel $(or $(KERNEL),6.12) --shell

##@ Work on it
.PHONY: check
check: ## all tests: [GROUPS="unit fuzz lint guest-6.1 guest-6.12"]
	@packaging/install build guest check
	@tests/check $(GROUPS)

.PHONY: check-debug
check-debug: ## the guest tests on a kernel with KASAN, lockdep and the like, which is built first; takes hours: [PART=1/3]
	@packaging/install build guest check debug
	@PART=$(PART) tests/check guest-debug

.PHONY: check-kernels
check-kernels: ## all guest tests on every kernel: 6.1, 6.12, the newest, PREEMPT_RT, arm64; takes hours
	@packaging/install build guest check arm64
	@tests/check guest-6.1 guest-6.12 guest-newest guest-rt guest-arm64

.PHONY: check-book
check-book: ## run the command blocks of docs/ and compare what they print with the pages
	@packaging/install build guest check tools
	@tests/check book

.PHONY: check-cni
check-cni: ## the CNI plugin, with podman's containers too, and pyroute2, on both kernels: [KERNEL=6.1|6.12]
	@packaging/install build guest tools cni
	@tests/check $(or $(KERNEL:%=cni-%),cni-6.1 cni-6.12)

.PHONY: check-packages
check-packages: ## install, upgrade and purge the packages in a guest with systemd, udev, networkd and NetworkManager
	@packaging/install build guest deb packages
	@tests/check packages

.PHONY: kselftest
kselftest: ## the kernel's own selftests, on veth and on etun in its place: [KERNEL=6.12|6.1] [TESTS="veth gro"]
	@packaging/install build guest kselftest
	@tests/kselftest/run $(or $(KERNEL),6.12) $(TESTS)

.PHONY: check-kcsan
check-kcsan: ## the data path's guest tests on a kernel that looks for data races (KCSAN), which is built first: [PART=1/2]
	@packaging/install build guest check debug
	@PART=$(PART) tests/check guest-kcsan

.PHONY: fuzz
fuzz: ## random operations and frames for hours: [KERNEL=debug|6.12|6.1] [SECONDS=3600, for each of 10] [SEED=1]
	@packaging/install build guest check $(if $(KERNEL),,debug)
	@tests/fuzz/guest --kernel $(or $(KERNEL),debug) --seconds $(or $(SECONDS),3600) --seed $(or $(SEED),1) operations
	@tests/fuzz/guest --kernel $(or $(KERNEL),debug) --seconds $(or $(SECONDS),3600) --seed $(or $(SEED),1) frames

.PHONY: check-fuzz
check-fuzz: ## whether the fuzzers find what is wrong with drivers that are broken on purpose
	@packaging/install build guest check
	@tests/check found

.PHONY: soak
soak: ## traffic by every mode while settings change, and counters that balance: [KERNEL=6.12] [SECONDS=3600] [SEED=1]
	@packaging/install build guest check
	@guest/run --kernel $(or $(KERNEL),6.12) --timeout $$((2 * $(or $(SECONDS),3600) + 600)) -- \
		tests/guest/soak.sh $(or $(SECONDS),3600) $(or $(SEED),1)

.PHONY: coverage
coverage: ## which lines of core the unit tests reach, and which of the driver the guest tests: [KERNEL=6.12]
	@packaging/install build guest check clang debug
	@tests/coverage/core
	@tests/coverage/every $(or $(KERNEL),6.12)
	@guest/get debug
	@tests/coverage/run debug exhaustion
	@tests/coverage/report.py $(or $(KERNEL),6.12) debug

.PHONY: bench
bench: ## compare with veth, netkit and lo in a guest: [KERNEL=] [WORKLOADS="..."] [BOOTS=N] [ROUNDS=N]
	@packaging/install build guest bench
	@bench/run $(if $(KERNEL),--kernel $(KERNEL)) $(if $(BOOTS),--boots $(BOOTS)) $(if $(ROUNDS),--rounds $(ROUNDS)) $(WORKLOADS)

.PHONY: bench-smp
bench-smp: ## the same with several processors and real time, reported only: [KERNEL=] [SMP=2]
	@packaging/install build guest bench
	@bench/run --smp $(or $(SMP),2) --out build/bench/smp $(if $(KERNEL),--kernel $(KERNEL)) $(WORKLOADS)

.PHONY: bench-check
bench-check: ## run what is judged and compare it with bench/expectations.json; RESULTS=FILE only compares
	@packaging/install build guest bench
	@$(if $(RESULTS),true,bench/run --judged --out build/bench/judged)
	@bench/check $(or $(RESULTS),build/bench/judged/results.json)

.PHONY: bench-report
bench-report: ## put the numbers and pictures of the last `make bench` into docs/performance.md: [RESULTS=FILE]
	@packaging/install bench
	@bench/report $(RESULTS)

.PHONY: lint
lint: ## formatting, static analysis, and the rules of the house
	@packaging/install build guest check
	@tests/check lint

.PHONY: clean
clean: ## remove what was built; what was downloaded stays (make distclean removes that too)
	@rm -rf build/module build/host build/check build/plugin build/tools build/probe build/guest

.PHONY: distclean
distclean: ## remove everything under build/
	@rm -rf build

.PHONY: help
help: ## this list
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { printf "%s%s\n", n++ ? "\n" : "", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
